import { NativeSelect } from '@mantine/core'
import { useForm } from '@mantine/form'
import { MailChange, type Settings } from '../../../../../contract/api/settings.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { Section } from '../../../ui/section.tsx'
import { HttpFields, SenderFields, SmtpFields } from './mail-fields.tsx'
import { MailState } from './mail-state.tsx'
import { changeOf, valuesOf } from './mail-values.ts'
import { SectionForm } from './section-form.tsx'
import { useSave } from './use-save.ts'

const transports = [
  { value: 'none', label: 'Not at all: links are passed on by hand' },
  { value: 'http', label: 'With an HTTP mail API' },
  { value: 'smtp', label: 'With an SMTP server' },
]

export function MailSection({ saved }: { saved: Settings }) {
  const save = useSave()
  const form = useForm({
    initialValues: valuesOf(saved.mail, window.location.origin),
    validate: (values) => problemsBy(MailChange, changeOf(values)),
  })
  const submit = form.onSubmit((values) =>
    save.mutate(
      { mail: MailChange.parse(changeOf(values)) },
      {
        onSuccess: ({ mail }) => {
          const now = valuesOf(mail, window.location.origin)
          form.setInitialValues(now)
          form.setValues(now)
        },
        onError: (error) => form.setErrors(withoutSection(fieldErrorsOf(error))),
      },
    ),
  )
  const { transport } = form.values
  return (
    <Section title="Mail" about="For invitations, forgotten passwords and warnings.">
      <SectionForm form={form} save={save} onSubmit={submit}>
        <NativeSelect label="Send mail" data={transports} {...form.getInputProps('transport')} />
        {transport === 'none' ? null : <SenderFields form={form} />}
        {transport === 'http' ? <HttpFields form={form} saved={saved.mail} /> : null}
        {transport === 'smtp' ? <SmtpFields form={form} saved={saved.mail} /> : null}
      </SectionForm>
      {saved.mail.transport === 'none' ? null : (
        <MailState queue={saved.mailQueue} isSaved={!form.isDirty()} />
      )}
    </Section>
  )
}

/** The API names fields from the top: `mail.key`. */
function withoutSection(errors: Record<string, string>): Record<string, string> {
  const entries = Object.entries(errors)
  return Object.fromEntries(entries.map(([path, text]) => [path.replace(/^mail\./, ''), text]))
}
