import { Button, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import type { Output } from '../../../../../contract/endpoint.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { AccountFields } from '../../../ui/account-fields.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { useSignedIn } from '../use-signed-in.ts'
import { isVoid } from './is-void.ts'
import { VoidLink } from './void-link.tsx'

interface AcceptInviteFormProps {
  readonly token: string
  readonly invited: Output<typeof accountLinks.previewInvite>
}

export function AcceptInviteForm({ token, invited: { email, name } }: AcceptInviteFormProps) {
  const form = useForm({
    initialValues: { token, name, password: '' },
    validate: (values) => problemsBy(accountLinks.acceptInvite.body, values),
  })
  const accept = useAction(accountLinks.acceptInvite, {
    refreshes: [],
    onDone: useSignedIn(paths.home()),
  })
  const submit = form.onSubmit((values) =>
    accept.mutate(values, { onError: (error) => form.setErrors(fieldErrorsOf(error)) }),
  )
  // Somebody was quicker, or the week is over by now.
  if (isVoid(accept.error)) return <VoidLink advice="Ask whoever invited you for a new one." />
  return (
    <Form errors={form.errors} attempt={accept} onSubmit={submit}>
      <Stack>
        <AccountFields
          own
          autoFocus
          propsOf={(field) =>
            field === 'email' ? { value: email, readOnly: true } : form.getInputProps(field)
          }
        />
        <FormFailure error={accept.error} />
        <Button type="submit" loading={accept.isPending}>
          Set the password and sign in
        </Button>
      </Stack>
    </Form>
  )
}
