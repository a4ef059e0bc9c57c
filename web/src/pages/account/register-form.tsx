import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { invites } from '../../../../contract/api/sub-users.ts'
import { meQuery, useAction } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { fieldErrorsOf } from '../../ui/field-errors.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'

interface RegisterFormProps {
  readonly token: string
  /** The address that the invitation is for; the account gets no other. */
  readonly email: string
}

/** Creates the account that an invitation is for, and accepts it. */
export function RegisterForm({ token, email }: RegisterFormProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { token, name: '', password: '' },
    validate: schemaResolver(invites.register.body, { sync: true }),
  })
  const register = useAction(invites.register, {
    refreshes: [],
    onDone: ({ token: _unused, ...me }) => {
      client.setQueryData(meQuery.queryKey, me)
      const [shared] = Object.keys(me.grants)
      return navigate(shared === undefined ? paths.servers() : paths.server(shared), {
        replace: true,
      })
    },
  })
  const submit = form.onSubmit((values) =>
    register.mutate(values, { onError: (error) => form.setErrors(fieldErrorsOf(error)) }),
  )
  return (
    <Form errors={form.errors} attempt={register} onSubmit={submit}>
      <Stack>
        <TextInput
          label="E-mail"
          description="You sign in with it."
          type="email"
          autoComplete="username"
          value={email}
          error={form.errors.email}
          readOnly
        />
        <TextInput label="Name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <PasswordInput
          label="Password"
          description="At least 8 characters; a few words are better than signs."
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <FormFailure error={register.error} />
        <Button type="submit" loading={register.isPending}>
          Create the account and accept
        </Button>
      </Stack>
    </Form>
  )
}
