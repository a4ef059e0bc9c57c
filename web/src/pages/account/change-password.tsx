import { Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { auth, Password } from '../../../../contract/api/accounts.ts'
import { ApiError } from '../../api/client.ts'
import { useAction } from '../../api/queries.ts'
import { fieldErrorsOf } from '../../ui/field-errors.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'
import { SaveButton } from '../../ui/save-button.tsx'
import { Section } from '../../ui/section.tsx'
import { toastDone } from '../../ui/toast.ts'

const empty = { currentPassword: '', newPassword: '' }

export function ChangePassword() {
  const form = useForm({
    initialValues: empty,
    validate: {
      currentPassword: (value) => (value === '' ? 'Type the present one.' : null),
      newPassword: (value) =>
        Password.safeParse(value).success ? null : 'Use at least 8 characters.',
    },
  })
  const change = useAction(auth.changePassword, {
    refreshes: [auth.sessions],
    onDone: () => {
      form.reset()
      toastDone('Changed; your other sessions have ended')
    },
  })
  const submit = form.onSubmit((values) =>
    change.mutate(values, { onError: (error) => form.setErrors(errorsOf(error)) }),
  )
  return (
    <Section title="Password" about="Changing it signs you out everywhere else.">
      <Form errors={form.errors} attempt={change} onSubmit={submit}>
        <Stack>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            {...form.getInputProps('currentPassword')}
          />
          <PasswordInput
            label="New password"
            description="At least 8 characters."
            autoComplete="new-password"
            {...form.getInputProps('newPassword')}
          />
          <FormFailure error={change.error} />
          <Group>
            <SaveButton changed={form.isDirty()} busy={change.isPending} />
          </Group>
        </Stack>
      </Form>
    </Section>
  )
}

function errorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError) || error.code !== 'wrong_password') return fieldErrorsOf(error)
  return { currentPassword: error.message }
}
