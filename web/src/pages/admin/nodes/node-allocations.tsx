import { Anchor, Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Allocation } from '../../../../../contract/api/allocations.ts'
import { nodes } from '../../../../../contract/api/nodes.ts'
import type { NodeId } from '../../../../../contract/ids.ts'
import { socketText } from '../../../../../contract/rules/ports.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Section } from '../../../ui/section.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { protocolTexts } from '../../server/network/protocols.ts'
import { EditAllocationDialog } from './edit-allocation-dialog.tsx'

const oneLine = { whiteSpace: 'nowrap' } as const

const columns: readonly Column<Allocation>[] = [
  {
    name: 'Port',
    cell: ({ ip, port, protocol, publicHost, publicPort }) => (
      <>
        <span style={oneLine}>{`${socketText(ip, port)} ${protocolTexts[protocol]}`}</span>
        {publicHost === null && publicPort === null ? null : (
          <Text size="xs" c="dimmed">
            as {socketText(publicHost ?? ip, publicPort ?? port)}
          </Text>
        )}
      </>
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
    cell: ({ isPrimary, alias }) => (
      <span style={oneLine}>{alias ?? (isPrimary ? 'primary' : 'additional')}</span>
    ),
  },
]

export function NodeAllocations({ nodeId }: { nodeId: NodeId }) {
  const me = useMe()
  const list = useQuery(queryOf(nodes.allocations, { nodeId }))
  const [edited, edit] = useState<Allocation | null>(null)
  const change: Column<Allocation> = {
    name: 'Change',
    cell: (port) => (
      <Button
        size="compact-xs"
        variant="subtle"
        aria-label={`Edit ${socketText(port.ip, port.port)}`}
        onClick={() => edit(port)}
      >
        Edit
      </Button>
    ),
  }
  const shown = may(me, 'node.manage_allocation') ? [...columns, change] : columns
  return (
    <Section title="Ports in use">
      <Shown query={list}>
        {(ports) =>
          ports.length === 0 ? (
            <Text size="sm" c="dimmed">
              No server has a port here yet.
            </Text>
          ) : (
            <DataTable label="Ports in use" columns={shown} rows={ports} keyOf={({ id }) => id} />
          )
        }
      </Shown>
      {edited === null ? null : (
        <EditAllocationDialog nodeId={nodeId} allocation={edited} onClose={() => edit(null)} />
      )}
    </Section>
  )
}
