import { Group, List, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { auth } from '../../../../../contract/api/accounts.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { subUsers } from '../../../../../contract/api/sub-users.ts'
import { permissions as meanings } from '../../../../../contract/permissions.ts'
import { useAction } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone, toastFailure } from '../../../ui/toast.ts'
import { accessText } from './access-words.ts'

/** For a sub-user: what they may do on the server, and the way out. */
export function OwnAccess({ server }: { server: ServerDetail }) {
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const granted = me.grants[server.id]
  const leave = useAction(subUsers.delete, {
    refreshes: [servers.list, auth.me],
    onDone: () => {
      client.removeQueries({ queryKey: [servers.get.path, { serverId: server.id }] })
      toastDone(`You have left ${server.name}`)
      return navigate(paths.servers())
    },
  })
  if (granted === undefined) return null
  return (
    <Section
      title="Your access"
      about={`${server.ownerName} shares this server with you: ${accessText(granted)}.`}
    >
      <List size="sm">
        {granted.map((name) => (
          <List.Item key={name}>{meanings[name].means}</List.Item>
        ))}
      </List>
      <Group>
        <HoldButton
          label="Leave the server"
          color="red"
          variant="light"
          size="sm"
          consequence="You lose all access to it, until somebody invites you again."
          possible={true}
          onHeld={() =>
            leave.mutate(
              { serverId: server.id, userId: me.id },
              { onError: (error) => toastFailure('Not left', error) },
            )
          }
        />
        <Text size="sm" c="dimmed">
          The owner is not notified.
        </Text>
      </Group>
    </Section>
  )
}
