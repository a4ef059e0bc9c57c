import { useForm } from '@mantine/form'
import { AuditSettings, type Settings } from '../../../../../contract/api/settings.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { Section } from '../../../ui/section.tsx'
import { DaysField, SectionForm } from './section-form.tsx'
import { useSave } from './use-save.ts'

export function AuditSection({ saved }: { saved: Settings }) {
  const save = useSave()
  const form = useForm({
    initialValues: { keptDays: saved.audit.keptDays ?? ('' as number | '') },
    validate: (values) => problemsBy(AuditSettings, sectionOf(values)),
  })
  const submit = form.onSubmit((values) =>
    save.mutate({ audit: sectionOf(values) }, { onSuccess: () => form.resetDirty() }),
  )
  return (
    <Section title="Audit log">
      <SectionForm form={form} save={save} onSubmit={submit}>
        <DaysField
          label="Keep entries for"
          description="Leave empty for the default."
          placeholder={`${saved.environment.auditKeptDays} days`}
          {...form.getInputProps('keptDays')}
        />
      </SectionForm>
    </Section>
  )
}

function sectionOf({ keptDays }: { keptDays: number | '' }): AuditSettings {
  return { keptDays: keptDays === '' ? null : keptDays }
}
