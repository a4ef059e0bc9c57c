import { Alert, Anchor, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useSearchParams } from 'react-router'
import { setup } from '../../../../contract/api/accounts.ts'
import { oidc } from '../../../../contract/api/oidc.ts'
import { meQuery, queryOf } from '../../api/queries.ts'
import { paths, safeNext } from '../../paths.ts'
import { PublicPage } from './public-page.tsx'
import { SignInForm } from './sign-in-form.tsx'

export function Component() {
  const me = useQuery(meQuery)
  const state = useQuery(queryOf(setup.state, {}))
  const providers = useQuery(queryOf(oidc.providers, {}))
  const next = safeNext(useSearchParams()[0].get('next'))
  // Shown whole or not at all: a notice that comes late would push the fields away under the reader.
  const asking = me.isPending || state.isPending || providers.isPending
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
      {asking ? null : <SignInForm next={next} providers={providers.data ?? []} />}
      {asking ? null : (
        <Anchor component={Link} to={paths.forgotPassword()} underline="always" size="sm">
          Forgot the password?
        </Anchor>
      )}
    </PublicPage>
  )
}
