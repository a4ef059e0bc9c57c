import { Alert, Button, List, Loader, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { auth, type Me } from '../../../../contract/api/accounts.ts'
import { servers } from '../../../../contract/api/servers.ts'
import { type InvitePreview, invites } from '../../../../contract/api/sub-users.ts'
import { permissions as meanings } from '../../../../contract/permissions.ts'
import { meQuery, useAction } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { Failure } from '../../ui/failure.tsx'
import { toastDone } from '../../ui/toast.ts'
import { RegisterForm } from './register-form.tsx'
import { SignInForm } from './sign-in-form.tsx'

interface InvitationProps {
  readonly token: string
  readonly invite: InvitePreview
}

/** What an invitation offers, and the way to it: with the account that it is for, or with a new one. */
export function ServerInvitation({ token, invite }: InvitationProps) {
  const me = useQuery(meQuery)
  return (
    <Stack>
      <Offer invite={invite} />
      {invite.state === 'open' ? <Answer token={token} invite={invite} me={me} /> : null}
    </Stack>
  )
}

function Offer({ invite }: { invite: InvitePreview }) {
  const { invitedByName, serverName, offersOwnership, state, permissions } = invite
  const closed = {
    expired: `The invitation has expired. Ask ${invitedByName} for another.`,
    void: `${invitedByName} may not share this server any more.`,
    open: null,
  }[state]
  return (
    <>
      <Text style={{ overflowWrap: 'anywhere' }}>
        <b>{invitedByName}</b>{' '}
        {offersOwnership ? (
          <>
            offers you the server <b>{serverName}</b>. It is yours alone once you accept.
          </>
        ) : (
          <>
            shares the server <b>{serverName}</b> with you.
          </>
        )}
      </Text>
      {closed === null ? null : (
        <Alert color="yellow" icon={<IconAlertTriangle />} role="status">
          {closed}
        </Alert>
      )}
      {state !== 'open' || offersOwnership ? null : (
        <div>
          <Text size="sm">You will be able to:</Text>
          <List size="sm">
            {permissions.map((name) => (
              <List.Item key={name}>{meanings[name].means}</List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  )
}

interface AnswerProps extends InvitationProps {
  readonly me: { readonly isPending: boolean; readonly data: Me | undefined }
}

function Answer({ token, invite, me }: AnswerProps) {
  if (me.isPending) return <Loader aria-label="Loading" />
  if (me.data === undefined) return <ComeIn token={token} invite={invite} />
  if (me.data.email === invite.email) return <Accept token={token} invite={invite} />
  return <OtherAccount me={me.data} invite={invite} />
}

function Accept({ token, invite }: InvitationProps) {
  const navigate = useNavigate()
  const accept = useAction(invites.accept, {
    refreshes: [auth.me, servers.list],
    onDone: ({ serverId }) => {
      toastDone(invite.offersOwnership ? 'The server is yours' : 'You have access now')
      return navigate(paths.server(serverId), { replace: true })
    },
  })
  return (
    <>
      {accept.error === null ? null : <Failure error={accept.error} />}
      <Button loading={accept.isPending} onClick={() => accept.mutate({ token })}>
        Accept
      </Button>
    </>
  )
}

function OtherAccount({ me, invite }: { me: Me; invite: InvitePreview }) {
  const client = useQueryClient()
  const logout = useAction(auth.logout, {
    refreshes: [],
    onDone: () => client.resetQueries({ queryKey: meQuery.queryKey }),
  })
  return (
    <Alert color="yellow" icon={<IconAlertTriangle />} title="It is for another account">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          The invitation is for {invite.email}, and you are signed in as {me.email}.
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={logout.isPending}
          onClick={() => logout.mutate({})}
        >
          Sign out and go on
        </Button>
      </Stack>
    </Alert>
  )
}

/** For somebody who is not signed in: with the account that they have, or a new one. */
function ComeIn({ token, invite }: InvitationProps) {
  const [isNew, choose] = useState<boolean | null>(null)
  if (isNew === null) {
    return (
      <>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          To accept as {invite.email}:
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
          <Button onClick={() => choose(false)}>Sign in</Button>
          <Button variant="default" onClick={() => choose(true)}>
            Create an account
          </Button>
        </SimpleGrid>
      </>
    )
  }
  return (
    <>
      {isNew ? (
        <RegisterForm token={token} email={invite.email} />
      ) : (
        // The page stays where it is, with the token that the address does not hold any more.
        <SignInForm next={paths.serverInvite()} />
      )}
      <Button variant="subtle" size="compact-sm" onClick={() => choose(!isNew)}>
        {isNew ? 'I have an account' : 'I have no account yet'}
      </Button>
    </>
  )
}
