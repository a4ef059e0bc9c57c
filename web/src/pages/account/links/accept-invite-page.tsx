import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { queryOf } from '../../../api/queries.ts'
import { Failure } from '../../../ui/failure.tsx'
import { PublicPage } from '../public-page.tsx'
import { AcceptInviteForm } from './accept-invite-form.tsx'
import { isVoid } from './is-void.ts'
import { useLinkToken } from './use-link-token.ts'
import { VoidLink } from './void-link.tsx'

/** Where the link of an invitation leads: whoever opens it sets the password of the new account. */
export function Component() {
  const token = useLinkToken()
  const invite = useQuery({
    ...queryOf(accountLinks.previewInvite, { token }),
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <PublicPage title="Welcome">
      {token === '' || isVoid(invite.error) ? (
        <VoidLink advice="Ask whoever invited you for a new one." />
      ) : invite.data !== undefined ? (
        <AcceptInviteForm token={token} invited={invite.data} />
      ) : invite.error === null ? (
        <Loader aria-label="Loading" />
      ) : (
        <Failure error={invite.error} onRetry={() => invite.refetch()} />
      )}
    </PublicPage>
  )
}
