import { NativeSelect, NumberInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type Settings, SuspensionSettings } from '../../../../../contract/api/settings.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { useSave } from './use-save.ts'

interface Values {
  readonly deletePolicy: 'environment' | 'block' | 'allow'
  readonly deleteAfterDays: number | ''
  readonly warnDaysBefore: number | ''
}

export function SuspensionSection({ saved }: { saved: Settings }) {
  const me = useMe()
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
      <Form errors={form.errors} attempt={save} onSubmit={submit}>
        <Stack>
          <NativeSelect
            label="Owners may delete them"
            data={[
              {
                value: 'environment',
                label: `${environment.deletePolicy === 'allow' ? 'Yes' : 'No'}, as the panel was started with`,
              },
              { value: 'allow', label: 'Yes' },
              { value: 'block', label: 'No' },
            ]}
            {...form.getInputProps('deletePolicy')}
          />
          <NumberInput
            label="Deleted by themselves after"
            description="With all of their files. Empty: never."
            suffix=" days"
            min={1}
            allowDecimal={false}
            {...form.getInputProps('deleteAfterDays')}
          />
          {deletes ? (
            <NumberInput
              label="Their owner is warned"
              description="By mail where it is set up, and on the server's page. None is deleted without."
              suffix=" days before"
              min={1}
              allowDecimal={false}
              {...form.getInputProps('warnDaysBefore')}
            />
          ) : null}
          <FormFailure error={save.error} />
          {may(me, 'settings.update') ? (
            <SaveButton changed={form.isDirty()} busy={save.isPending} />
          ) : null}
        </Stack>
      </Form>
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
