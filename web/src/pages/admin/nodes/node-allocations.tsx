import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Allocation } from '../../../../../contract/api/allocations.ts'
import { nodes } from '../../../../../contract/api/nodes.ts'
import type { NodeId } from '../../../../../contract/ids.ts'
import { socketText } from '../../../../../contract/rules/ports.ts'
import { queryOf } from '../../../api/queries.ts'
import { paths } from '../../../paths.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { protocolTexts } from '../../server/network/protocols.ts'

const oneLine = { whiteSpace: 'nowrap' } as const

const columns: readonly Column<Allocation>[] = [
  {
    name: 'Port',
    cell: ({ ip, port, protocol }) => (
      <span style={oneLine}>{`${socketText(ip, port)} ${protocolTexts[protocol]}`}</span>
    ),
  },
  {
    name: 'Server',
    cell: ({ serverId, serverName }) => (
      <Anchor component={Link} to={paths.server(serverId)} size="sm">
        {serverName}
      </Anchor>
    ),
  },
  { name: 'In the container', cell: ({ containerPort }) => containerPort },
  {
    name: 'Role',
    cell: ({ isPrimary }) => <span style={oneLine}>{isPrimary ? 'primary' : 'additional'}</span>,
  },
]

export function NodeAllocations({ nodeId }: { nodeId: NodeId }) {
  const list = useQuery(queryOf(nodes.allocations, { nodeId }))
  return (
    <Section title="Ports in use">
      <Shown query={list}>
        {(ports) =>
          ports.length === 0 ? (
            <Text size="sm" c="dimmed">
              No server has a port here yet.
            </Text>
          ) : (
            <DataTable label="Ports in use" columns={columns} rows={ports} keyOf={({ id }) => id} />
          )
        }
      </Shown>
    </Section>
  )
}
