import { Button, Checkbox, Divider, PasswordInput, Stack, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { auth } from '../../../../contract/api/accounts.ts'
import type { oidc } from '../../../../contract/api/oidc.ts'
import type { Output } from '../../../../contract/endpoint.ts'
import { passkeysPossible } from '../../api/passkeys.ts'
import { useAction } from '../../api/queries.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'
import { useWait, waitText } from '../../ui/wait.ts'
import { ProviderButtons } from './oidc/provider-buttons.tsx'
import { PasskeySignIn } from './passkey-sign-in.tsx'
import { secondFactorIn } from './second-factor.ts'
import { SecondStep } from './second-step.tsx'
import { useSignedIn } from './use-signed-in.ts'

const fields = auth.login.body.extend({
  email: auth.login.body.shape.email.min(1),
  password: auth.login.body.shape.password.min(1),
})

interface SignInFormProps {
  /** Where to go when it has succeeded. */
  readonly next: string
  /** Whose accounts open one here. The way to them leaves the page, with all that it knows. */
  readonly providers?: Output<typeof oidc.providers>
}

/** Both steps of signing in, and the ways that lead past them. */
export function SignInForm({ next, providers = [] }: SignInFormProps) {
  const login = useAction(auth.login, { refreshes: [], onDone: useSignedIn(next) })
  const form = useForm({
    initialValues: { email: '', password: '', rememberMe: false },
    validate: schemaResolver(fields, { sync: true }),
  })
  const { rememberMe } = form.values
  const wait = useWait(login.error) ?? 0
  const needed = secondFactorIn(login.error)
  if (needed !== null) {
    return <SecondStep needed={needed} rememberMe={rememberMe} next={next} onAnew={login.reset} />
  }
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
          {...form.getInputProps('password')}
        />
        <Checkbox
          label="Stay signed in on this device"
          {...form.getInputProps('rememberMe', { type: 'checkbox' })}
        />
        <FormFailure error={login.error} />
        <Button type="submit" loading={login.isPending} disabled={wait > 0}>
          {wait > 0 ? waitText(wait) : 'Sign in'}
        </Button>
        {passkeysPossible() === true || providers.length > 0 ? <Divider label="or" /> : null}
        <PasskeySignIn next={next} rememberMe={rememberMe} />
        <ProviderButtons providers={providers} next={next} rememberMe={rememberMe} />
      </Stack>
    </Form>
  )
}
