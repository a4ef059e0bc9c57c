import { Anchor, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import { invites } from '../../../../contract/api/sub-users.ts'
import { queryOf } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { Failure } from '../../ui/failure.tsx'
import { PublicPage } from './public-page.tsx'
import { ServerInvitation } from './server-invitation.tsx'

/** Where the link of an invitation to a server leads. */
export function Component() {
  const given = useLocation().hash.slice(1)
  const [token, keep] = useState(given)
  const navigate = useNavigate()
  useEffect(() => {
    if (given === '') return
    keep(given)
    // The token must not stay where it is seen, stored or shared.
    void navigate(paths.serverInvite(), { replace: true })
  }, [given, navigate])
  return (
    <PublicPage title="Invitation to a server">
      {token === '' ? <NoToken /> : <Opened key={token} token={token} />}
    </PublicPage>
  )
}

function Opened({ token }: { token: string }) {
  const preview = useQuery({ ...queryOf(invites.preview, { token }), retry: false })
  if (preview.data !== undefined) return <ServerInvitation token={token} invite={preview.data} />
  if (preview.error === null) return <Loader aria-label="Loading" />
  return (
    <>
      <Failure error={preview.error} onRetry={() => preview.refetch()} />
      <ToThePanel />
    </>
  )
}

function NoToken() {
  return (
    <>
      <Text>Open the link that you were sent once more: the part after “#” is missing here.</Text>
      <ToThePanel />
    </>
  )
}

function ToThePanel() {
  return (
    <Anchor component={Link} to={paths.home()} underline="always">
      To the panel
    </Anchor>
  )
}
