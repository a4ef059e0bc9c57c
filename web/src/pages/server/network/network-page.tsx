import { Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import {
  allocations,
  mostAllocations,
  type ServerAllocation,
} from '../../../../../contract/api/allocations.ts'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { pollEvery } from '../../../api/pace.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { counted } from '../../../ui/amounts.ts'
import { ReasonButton } from '../../../ui/reason-button.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { useServerPage } from '../server-context.ts'
import { AddPortDialog } from './add-port-dialog.tsx'
import { NextStart } from './next-start.tsx'
import { Ports } from './ports.tsx'

export function Component() {
  const { server } = useServerPage()
  const ports = useQuery({
    ...queryOf(allocations.list, { serverId: server.id }),
    refetchInterval: pollEvery.watched, // what the engine has bound comes from the node
  })
  return (
    <Shown query={ports}>
      {(list) => (
        <Stack>
          <NextStart server={server} ports={list} />
          <Section
            title="Ports"
            about="Where players and programs reach the server. A change holds from its next start."
          >
            {list.length === 0 ? (
              <Text size="sm" c="dimmed">
                The server has no port: nobody reaches it.
              </Text>
            ) : (
              <Ports server={server} ports={list} />
            )}
            <AddPort server={server} ports={list} />
          </Section>
        </Stack>
      )}
    </Shown>
  )
}

interface AddPortProps {
  readonly server: ServerDetail
  readonly ports: readonly ServerAllocation[]
}

function AddPort({ server, ports }: AddPortProps) {
  const me = useMe()
  const [adding, add] = useDisclosure(false)
  if (!server.permissions.includes('allocation.create')) return null
  const givesAny = may(me, 'allocation.create')
  const limit = givesAny ? mostAllocations : server.allocationLimit
  return (
    <Group gap="sm">
      <ReasonButton
        label="Add a port"
        icon={<IconPlus size={16} />}
        variant="default"
        possible={possible(server, ports.length, limit)}
        onPress={add.open}
      />
      <Text size="sm" c="dimmed">
        {givesAny
          ? counted(ports.length, 'port')
          : `${ports.length} of ${counted(server.allocationLimit, 'port')}`}
      </Text>
      {adding ? <AddPortDialog server={server} anyPort={givesAny} onClose={add.close} /> : null}
    </Group>
  )
}

function possible(server: ServerDetail, has: number, limit: number): true | string {
  if (server.suspendedAt !== null) return 'The server is suspended.'
  if (has < limit) return true
  return 'The server has as many ports as it may have. An administrator can raise that.'
}
