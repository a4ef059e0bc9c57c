import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconInfoCircle, IconRefresh } from '@tabler/icons-react'
import type { ServerAllocation } from '../../../../../contract/api/allocations.ts'
import { operations } from '../../../../../contract/api/operations.ts'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import type { PortBinding } from '../../../../../contract/protocol/spec.ts'
import { portChanges, portText, toPortBindings } from '../../../../../contract/rules/ports.ts'
import { useAction } from '../../../api/queries.ts'
import { possible } from '../../../api/rights.ts'
import { toastFailure } from '../../../ui/toast.ts'

interface NextStartProps {
  readonly server: ServerDetail
  readonly ports: readonly ServerAllocation[]
}

/** What is wanted and what the engine has bound, where the two differ. */
export function NextStart({ server, ports }: NextStartProps) {
  if (server.state !== 'running') return null
  const wanted = ports.flatMap(({ hostPort, ...rest }) =>
    toPortBindings({ ...rest, port: hostPort }),
  )
  const { toBind, toFree } = portChanges(wanted, server.observedPorts)
  if (toBind.length === 0 && toFree.length === 0) return null
  return (
    <Alert color="blue" icon={<IconInfoCircle />} title="The next start changes the ports">
      <Stack gap="xs" align="flex-start">
        <Change what="Not bound yet:" bindings={toBind} />
        <Change what="Bound until then:" bindings={toFree} />
        <RestartNow server={server} />
      </Stack>
    </Alert>
  )
}

function Change({ what, bindings }: { what: string; bindings: readonly PortBinding[] }) {
  if (bindings.length === 0) return null
  return (
    <Group gap="xs">
      <Text size="sm">{what}</Text>
      {bindings.map(portText).map((text) => (
        <Code key={text}>{text}</Code>
      ))}
    </Group>
  )
}

function RestartNow({ server }: { server: ServerDetail }) {
  const restart = useAction(servers.restart, {
    refreshes: [servers.get, servers.list, operations.list, operations.listOfServer],
  })
  const may = server.permissions.includes('server.restart')
  if (!may || possible(server, 'restart') !== true) return null
  return (
    <Button
      size="compact-sm"
      variant="light"
      leftSection={<IconRefresh size={14} />}
      loading={restart.isPending}
      onClick={() =>
        restart.mutate(
          { serverId: server.id },
          { onError: (error) => toastFailure('Not restarted', error) },
        )
      }
    >
      Restart now to change them
    </Button>
  )
}
