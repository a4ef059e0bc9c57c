import { Alert, Button, Checkbox, Loader, PasswordInput, Stack, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { auth, setup } from '../../../../contract/api/accounts.ts'
import { meQuery, queryOf, useAction } from '../../api/queries.ts'
import { safeNext } from '../../paths.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'
import { PublicPage } from './public-page.tsx'

const fields = auth.login.body.extend({
  email: auth.login.body.shape.email.min(1),
  password: auth.login.body.shape.password.min(1),
})

export function Component() {
  const me = useQuery(meQuery)
  const state = useQuery(queryOf(setup.state, {}))
  const next = safeNext(useSearchParams()[0].get('next'))
  // Shown whole or not at all: a notice that comes late would push the fields away under the reader.
  const asking = me.isPending || state.isPending
  if (me.isSuccess) return <Navigate to={next} replace />
  return (
    <PublicPage title="Sign in">
      {asking ? <Loader aria-label="Loading" /> : null}
      {state.data?.needed && !asking ? (
        <Alert color="blue" title="No administrator yet">
          Open the one-time link that was printed when the panel was started. It creates the first
          account.
        </Alert>
      ) : null}
      {asking ? null : <SignInForm next={next} />}
    </PublicPage>
  )
}

function SignInForm({ next }: { next: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const login = useAction(auth.login, {
    refreshes: [],
    onDone: ({ token: _unused, ...me }) => {
      client.setQueryData(meQuery.queryKey, me)
      return navigate(next, { replace: true })
    },
  })
  const form = useForm({
    initialValues: { email: '', password: '', rememberMe: false },
    validate: schemaResolver(fields, { sync: true }),
  })
  return (
    <Form
      errors={form.errors}
      attempt={login}
      onSubmit={form.onSubmit((values) => login.mutate(values))}
    >
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          {...form.getInputProps('password')}
        />
        <Checkbox
          label="Stay signed in on this device"
          {...form.getInputProps('rememberMe', { type: 'checkbox' })}
        />
        <FormFailure error={login.error} />
        <Button type="submit" loading={login.isPending}>
          Sign in
        </Button>
      </Stack>
    </Form>
  )
}
