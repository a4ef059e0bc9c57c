import { Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { subUsers } from '../../../../../contract/api/sub-users.ts'
import { pollEvery } from '../../../api/pace.ts'
import { queryOf } from '../../../api/queries.ts'
import { usable } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { useServerPage } from '../server-context.ts'
import { Invitations } from './invitations.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { OwnAccess } from './own-access.tsx'
import { People } from './people.tsx'

export function Component() {
  const { server } = useServerPage()
  return (
    <Stack>
      {server.permissions.includes('subuser.read') ? <Everybody server={server} /> : null}
      <OwnAccess server={server} />
    </Stack>
  )
}

function Everybody({ server }: { server: ServerDetail }) {
  const members = useQuery({
    ...queryOf(subUsers.list, { serverId: server.id }),
    refetchInterval: pollEvery.watched, // whoever accepts does so elsewhere
  })
  return (
    <Shown query={members}>
      {(loaded) => (
        <>
          <Section title="People" about="Who may see this server, and what they may do with it.">
            <People server={server} members={loaded} />
            <Invite server={server} alone={loaded.subUsers.length === 0} />
          </Section>
          <Invitations server={server} invites={loaded.invites} />
        </>
      )}
    </Shown>
  )
}

/** @param alone nobody but the owner has access, so that this is the next step */
function Invite({ server, alone }: { server: ServerDetail; alone: boolean }) {
  const me = useMe()
  const [asking, ask] = useDisclosure(false)
  if (!server.permissions.includes('subuser.create')) return null
  return (
    <div>
      <ReasonButton
        label="Invite somebody"
        icon={<IconUserPlus size={16} />}
        variant={alone ? 'filled' : 'default'}
        possible={usable(me, server, 'subuser.create')}
        onPress={ask.open}
      />
      {asking ? <InviteDialog server={server} onClose={ask.close} /> : null}
    </div>
  )
}
