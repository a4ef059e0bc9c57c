import { NumberInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { AuditSettings, type Settings } from '../../../../../contract/api/settings.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { SaveButton } from '../../../ui/save-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { useSave } from './use-save.ts'

export function AuditSection({ saved }: { saved: Settings }) {
  const me = useMe()
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
      <Form errors={form.errors} attempt={save} onSubmit={submit}>
        <Stack>
          <NumberInput
            label="Kept for"
            description={`Empty: ${saved.environment.auditKeptDays} days, as the panel was started with.`}
            suffix=" days"
            min={1}
            allowDecimal={false}
            {...form.getInputProps('keptDays')}
          />
          <FormFailure error={save.error} />
          {may(me, 'settings.update') ? (
            <SaveButton changed={form.isDirty()} busy={save.isPending} />
          ) : null}
        </Stack>
      </Form>
    </Section>
  )
}

function sectionOf({ keptDays }: { keptDays: number | '' }): AuditSettings {
  return { keptDays: keptDays === '' ? null : keptDays }
}
