import { NativeSelect } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type Settings, SuspensionSettings } from '../../../../../contract/api/settings.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { Section } from '../../../ui/section.tsx'
import { DaysField, SectionForm } from './section-form.tsx'
import { useSave } from './use-save.ts'

interface Values {
  readonly deletePolicy: 'environment' | 'block' | 'allow'
  readonly deleteAfterDays: number | ''
  readonly warnDaysBefore: number | ''
}

export function SuspensionSection({ saved }: { saved: Settings }) {
  const save = useSave()
  const { suspension, environment } = saved
  const initialValues: Values = {
    deletePolicy: suspension.deletePolicy ?? 'environment',
    deleteAfterDays: suspension.deleteAfterDays ?? '',
    warnDaysBefore: suspension.warnDaysBefore,
  }
  const form = useForm({
    initialValues,
    validate: (values) => problemsBy(SuspensionSettings, sectionOf(values)),
  })
  const submit = form.onSubmit((values) =>
    save.mutate(
      { suspension: SuspensionSettings.parse(sectionOf(values)) },
      { onSuccess: () => form.resetDirty() },
    ),
  )
  const deletes = form.values.deleteAfterDays !== ''
  return (
    <Section title="Suspended servers">
      <SectionForm form={form} save={save} onSubmit={submit}>
        <NativeSelect
          label="May owners delete them?"
          data={[
            {
              value: 'environment',
              label: `Default: ${environment.deletePolicy === 'allow' ? 'yes' : 'no'}`,
            },
            { value: 'allow', label: 'Yes' },
            { value: 'block', label: 'No' },
          ]}
          {...form.getInputProps('deletePolicy')}
        />
        <DaysField
          label="Delete them automatically after"
          description="With all their files. Leave empty to keep them."
          placeholder="Never"
          {...form.getInputProps('deleteAfterDays')}
        />
        {deletes ? (
          <DaysField
            label="Warn the owner"
            description="By mail where it is set up, and on the server’s page. None is deleted without a warning."
            suffix=" days before"
            {...form.getInputProps('warnDaysBefore')}
          />
        ) : null}
      </SectionForm>
    </Section>
  )
}

function sectionOf({ deletePolicy, deleteAfterDays, warnDaysBefore }: Values) {
  return {
    deletePolicy: deletePolicy === 'environment' ? null : deletePolicy,
    deleteAfterDays: deleteAfterDays === '' ? null : deleteAfterDays,
    warnDaysBefore,
  }
}
