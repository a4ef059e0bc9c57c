import { Loader } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { useAction } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { Failure } from '../../../ui/failure.tsx'
import { PublicPage } from '../public-page.tsx'
import { secondFactorIn } from '../second-factor.ts'
import { SecondStep } from '../second-step.tsx'
import { useSignedIn } from '../use-signed-in.ts'
import { isVoid } from './is-void.ts'
import { useLinkToken } from './use-link-token.ts'
import { VoidLink } from './void-link.tsx'

/** Where a link leads that signs its holder in, as a billing area hands it out. */
export function Component() {
  const token = useLinkToken()
  const { mutate, error, reset } = useAction(accountLinks.useLoginLink, {
    refreshes: [],
    onDone: useSignedIn(paths.home()),
  })
  const used = useRef('')
  useEffect(() => {
    // It works once, and an effect may run twice.
    if (token === '' || used.current === token) return
    used.current = token
    mutate({ token })
  }, [token, mutate])
  const needed = secondFactorIn(error)
  return (
    <PublicPage title="Sign in">
      {needed !== null ? (
        <SecondStep needed={needed} rememberMe={false} next={paths.home()} onAnew={reset} />
      ) : token === '' || isVoid(error) ? (
        <VoidLink advice="Get a new one where you got this one." />
      ) : error === null ? (
        <Loader aria-label="Signing in" />
      ) : (
        <Failure error={error} />
      )}
    </PublicPage>
  )
}
