import { Group, Text } from '@mantine/core'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { type ServerInvite, subUsers } from '../../../../../contract/api/sub-users.ts'
import { lacking } from '../../../../../contract/rules/rights.ts'
import { useAction } from '../../../api/queries.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { useNow } from '../../../ui/now.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { durationText } from '../../../ui/time-text.ts'
import { toastDone, toastFailure } from '../../../ui/toast.ts'
import { Access } from './people.tsx'

interface InvitationsProps {
  readonly server: ServerDetail
  readonly invites: readonly ServerInvite[]
}

/** Invitations that nobody has used yet. What opens them was shown or mailed once and is not kept. */
export function Invitations({ server, invites }: InvitationsProps) {
  if (invites.length === 0) return null
  const columns: readonly Column<ServerInvite>[] = [
    { name: 'E-mail', cell: ({ email }) => email },
    { name: 'Offers', cell: (invite) => <Offered {...invite} /> },
    { name: 'Invited by', cell: ({ invitedByName }) => invitedByName },
    { name: 'Expires in', cell: ({ expiresAt }) => <Left until={expiresAt} /> },
    { name: 'Change', cell: (invite) => <Revoke server={server} invite={invite} /> },
  ]
  return (
    <Section
      title="Invitations"
      about="To make a new link, invite the same address again. The old link then stops working."
    >
      <DataTable label="Invitations" columns={columns} rows={invites} keyOf={({ id }) => id} />
    </Section>
  )
}

function Offered({ offersOwnership, permissions }: ServerInvite) {
  return offersOwnership ? <Text size="sm">The server itself</Text> : <Access of={permissions} />
}

function Left({ until }: { until: string }) {
  const left = Date.parse(until) - useNow()
  return left > 0 ? durationText(left) : 'Expired'
}

function Revoke({ server, invite }: { server: ServerDetail; invite: ServerInvite }) {
  const revoke = useAction(subUsers.revokeInvite, {
    refreshes: [subUsers.list],
    onDone: () => toastDone('Revoked; its link no longer works'),
  })
  const { permissions } = server
  if (!permissions.includes('subuser.delete')) return null
  const isTheirs = invite.offersOwnership
    ? permissions.includes('server.set_owner')
    : lacking(invite.permissions, permissions).length === 0
  return (
    <Group>
      <ReasonButton
        label="Revoke"
        size="compact-xs"
        variant="subtle"
        color="red"
        loading={revoke.isPending}
        possible={isTheirs || 'It gives more than you may do yourself.'}
        onPress={() =>
          revoke.mutate(
            { serverId: server.id, inviteId: invite.id },
            { onError: (error) => toastFailure('Not revoked', error) },
          )
        }
      />
    </Group>
  )
}
