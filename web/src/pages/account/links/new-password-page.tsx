import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from 'react-router'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { PublicPage } from '../public-page.tsx'
import { isVoid } from './is-void.ts'
import { useLinkToken } from './use-link-token.ts'
import { VoidLink } from './void-link.tsx'

const body = accountLinks.finishPasswordReset.body.pick({ password: true })

/** Where the link to a new password leads. */
export function Component() {
  const token = useLinkToken()
  const form = useForm({
    initialValues: { password: '' },
    validate: (values) => problemsBy(body, values),
  })
  const finish = useAction(accountLinks.finishPasswordReset, { refreshes: [] })
  const submit = form.onSubmit(({ password }) =>
    finish.mutate(
      { token, password },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <PublicPage title="Set a new password">
      {finish.isSuccess ? (
        <Text role="status">
          Your password is set, and whoever was signed in is signed out.{' '}
          <Anchor component={Link} to={paths.signIn()} underline="always">
            Sign in
          </Anchor>
        </Text>
      ) : token === '' || isVoid(finish.error) ? (
        <VoidLink advice="Ask for a new one." />
      ) : (
        <Form errors={form.errors} attempt={finish} onSubmit={submit}>
          <Stack>
            <PasswordInput
              label="New password"
              description="At least 8 characters; a few words are better than signs."
              autoComplete="new-password"
              autoFocus
              {...form.getInputProps('password')}
            />
            <FormFailure error={finish.error} />
            <Button type="submit" loading={finish.isPending}>
              Set the password
            </Button>
          </Stack>
        </Form>
      )}
    </PublicPage>
  )
}
