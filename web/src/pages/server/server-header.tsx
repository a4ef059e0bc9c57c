import { Code, Group, Stack, Text, Title } from '@mantine/core'
import type { ServerDetail } from '../../../../contract/api/servers.ts'
import { addressOf } from '../../ui/address.ts'
import { Age } from '../../ui/age.tsx'
import { StatusBadge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { serverLooks } from '../../ui/looks.ts'
import { useNow } from '../../ui/now.tsx'
import { clockText } from '../../ui/time-text.ts'
import { PowerButtons } from './power-buttons.tsx'
import { RunningOperation } from './running-operation.tsx'
import { ServerAlerts } from './server-alerts.tsx'
import type { ServerPage } from './server-context.ts'

/** What stands on every tab of a server: name, state with its age, address, power, what is under way. */
export function ServerHeader({ server, live, reads }: Omit<ServerPage, 'feed'>) {
  const address = addressOf(server)
  return (
    <>
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {server.name}
          </Title>
          <Group gap="sm" mt={4}>
            <StatusBadge look={serverLooks[server.status]} />
            <StateAge server={server} />
            {address === null ? null : (
              <Group gap={2} wrap="nowrap">
                <Code>{address}</Code>
                <CopyButton text={address} what="address" />
              </Group>
            )}
            {live.link === 'live' || !reads ? null : (
              <Text size="xs" c="dimmed" role="status">
                {live.link === 'connecting' ? 'Connecting…' : 'Live view interrupted, trying again'}
              </Text>
            )}
          </Group>
        </div>
        <Stack gap={4} align="flex-end" maw="100%">
          <Group gap="xs" role="group" aria-label="Power">
            <PowerButtons server={server} />
          </Group>
          <RunningOperation server={server} />
        </Stack>
      </Group>
      <ServerAlerts server={server} />
    </>
  )
}

/** How old the state is; while the node is away, since when. */
function StateAge({ server }: { server: ServerDetail }) {
  const now = useNow()
  if (server.observedAt === null) {
    return (
      <Text size="sm" c="dimmed">
        not seen by its node yet
      </Text>
    )
  }
  const offline = server.nodeStatus === 'offline'
  return (
    <Text size="sm" c="dimmed">
      <Age at={server.observedAt} />
      {offline ? ', node offline' : null}
      {offline && server.nodeOfflineSince !== null
        ? ` since ${clockText(server.nodeOfflineSince, now)}`
        : null}
    </Text>
  )
}
