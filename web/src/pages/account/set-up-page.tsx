import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { setup } from '../../../../contract/api/accounts.ts'
import { meQuery, queryOf, useAction } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { fieldErrorsOf } from '../../ui/field-errors.ts'
import { FormFailure } from '../../ui/form-failure.tsx'
import { PublicPage } from './public-page.tsx'
import { tokenIn } from './set-up-token.ts'

export function Component() {
  const [token] = useState(() => tokenIn(window.location))
  const state = useQuery(queryOf(setup.state, {}))
  const navigate = useNavigate()
  // The token must not stay where it is seen, stored or shared.
  useEffect(() => void navigate('/setup', { replace: true }), [navigate])
  return (
    <PublicPage title="Create the first administrator">
      {state.data?.needed === false ? (
        <Text>
          The first administrator exists already.{' '}
          <Anchor component={Link} to={paths.signIn()} underline="always">
            Sign in
          </Anchor>
        </Text>
      ) : (
        <SetUpForm token={token} />
      )}
    </PublicPage>
  )
}

function SetUpForm({ token }: { token: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { token, name: '', email: '', password: '' },
    validate: schemaResolver(setup.finish.body, { sync: true }),
  })
  const finish = useAction(setup.finish, {
    refreshes: [setup.state],
    onDone: ({ token: _unused, ...me }) => {
      client.setQueryData(meQuery.queryKey, me)
      return navigate(paths.home(), { replace: true })
    },
  })
  const submit = form.onSubmit((values) =>
    finish.mutate(values, { onError: (error) => form.setErrors(fieldErrorsOf(error)) }),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {token === '' ? (
          <TextInput
            label="Set-up token"
            description="The part after “token=” of the link that was printed at the first start."
            autoComplete="off"
            {...form.getInputProps('token')}
          />
        ) : null}
        <TextInput label="Name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <TextInput
          label="E-mail"
          description="You sign in with it."
          type="email"
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          description="At least 8 characters; a few words are better than signs."
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          {...form.getInputProps('password')}
        />
        <FormFailure error={finish.error} />
        <Button type="submit" loading={finish.isPending}>
          Create the account
        </Button>
      </Stack>
    </form>
  )
}
