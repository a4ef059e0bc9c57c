import { Button, Stack, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { setup } from '../../../../contract/api/accounts.ts'
import { ApiError } from '../../api/client.ts'
import { useAction } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { AccountFields } from '../../ui/account-fields.tsx'
import { fieldErrorsOf } from '../../ui/field-errors.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'
import { useSignedIn } from './use-signed-in.ts'

/** The token comes with the link; where it is missing or was refused, there is a field for it. */
export function SetUpForm({ token }: { token: string }) {
  const form = useForm({
    initialValues: { token, name: '', email: '', password: '' },
    validate: schemaResolver(setup.finish.body, { sync: true }),
  })
  const finish = useAction(setup.finish, {
    refreshes: [setup.state],
    onDone: useSignedIn(paths.home()),
  })
  const submit = form.onSubmit((values) =>
    finish.mutate(values, {
      onError: (error) =>
        form.setErrors(isRefused(error) ? { token: refused } : fieldErrorsOf(error)),
    }),
  )
  const asks = token === '' || form.errors.token !== undefined || form.isDirty('token')
  return (
    <Form errors={form.errors} attempt={finish} onSubmit={submit}>
      <Stack>
        {asks ? (
          <TextInput
            label="Set-up token"
            description="The part after “token=” of the link that the panel prints when it starts."
            autoComplete="off"
            autoFocus
            {...form.getInputProps('token')}
          />
        ) : null}
        <AccountFields own autoFocus={!asks} propsOf={(name) => form.getInputProps(name)} />
        {isRefused(finish.error) ? null : <FormFailure error={finish.error} />}
        <Button type="submit" loading={finish.isPending}>
          Create the account
        </Button>
      </Stack>
    </Form>
  )
}

const refused =
  'The link is wrong, used or older than a day. Start the panel again: it prints a new one.'

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'setup_token_invalid'
}
