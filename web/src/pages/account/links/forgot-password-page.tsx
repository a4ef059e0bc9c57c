import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { Link } from 'react-router'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { PublicPage } from '../public-page.tsx'

/** Asks for a link to a new password. Nobody is told whether there is such an account. */
export function Component() {
  const ask = useAction(accountLinks.askPasswordReset, { refreshes: [] })
  const form = useForm({
    initialValues: { email: '' },
    validate: schemaResolver(accountLinks.askPasswordReset.body, { sync: true }),
  })
  return (
    <PublicPage title="Forgot the password?">
      {ask.data === undefined ? (
        <Form
          errors={form.errors}
          attempt={ask}
          onSubmit={form.onSubmit((values) => ask.mutate(values))}
        >
          <Stack>
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              autoFocus
              {...form.getInputProps('email')}
            />
            <FormFailure error={ask.error} />
            <Button type="submit" loading={ask.isPending}>
              Send me a link
            </Button>
          </Stack>
        </Form>
      ) : (
        <Text role="status">{ask.data.byMail ? sent : noMail}</Text>
      )}
      <Anchor component={Link} to={paths.signIn()} underline="always" size="sm">
        Back to sign-in
      </Anchor>
    </PublicPage>
  )
}

const sent =
  'If there is an account with this address, a link to a new password is on its way. It is good for an hour.'
const noMail =
  'This panel cannot send mail. Ask an administrator for a link that sets a new password.'
