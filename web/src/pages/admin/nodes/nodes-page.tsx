import { Anchor, Button, Text } from '@mantine/core'
import { IconPlus, IconServer2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type Node, nodes } from '../../../../../contract/api/nodes.ts'
import { pollEvery } from '../../../api/pace.ts'
import { queryOf } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { paths } from '../../../paths.ts'
import { StatusBadge } from '../../../ui/badge.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { nodeLooks } from '../../../ui/looks.ts'
import { PageFrame } from '../../../ui/page.tsx'
import { Shown } from '../../../ui/shown.tsx'
import { cpuUse, memoryUse } from './capacity.ts'
import { NodeAge } from './node-age.tsx'

const columns: readonly Column<Node>[] = [
  {
    name: 'Node',
    cell: (node) => (
      <>
        <Anchor component={Link} to={paths.node(node.id)} fw={600} size="sm">
          {node.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {node.publicAddress}
        </Text>
      </>
    ),
  },
  {
    name: 'State',
    cell: (node) => (
      <>
        <StatusBadge look={nodeLooks[node.status]} />
        <NodeAge node={node} />
        {node.maintenance ? (
          <Text size="xs" c="dimmed">
            in maintenance
          </Text>
        ) : null}
      </>
    ),
  },
  { name: 'Location', cell: (node) => node.locationName },
  {
    name: 'Servers',
    cell: (node) =>
      node.serverCount === 0 ? (
        '0'
      ) : (
        <Anchor component={Link} to={paths.servers({ node: node.id })} size="sm">
          {node.serverCount}
        </Anchor>
      ),
  },
  { name: 'Memory', cell: memoryUse },
  { name: 'CPU', cell: cpuUse },
  { name: 'Agent', cell: (node) => node.agentVersion ?? '–' },
]

export function Component() {
  const me = useMe()
  const list = useQuery({ ...queryOf(nodes.list, {}), refetchInterval: pollEvery.watched })
  const add = may(me, 'node.create') ? (
    <Button component={Link} to={paths.newNode()} leftSection={<IconPlus size={16} />}>
      Add a node
    </Button>
  ) : null
  return (
    <PageFrame title="Nodes" actions={add}>
      <Shown query={list}>
        {(fleet) =>
          fleet.length === 0 ? (
            <Empty
              icon={<IconServer2 />}
              title="No nodes yet"
              text="A node is a machine with Docker that runs your servers. It dials out to the panel, so nothing on it has to be opened but the ports of its games."
            >
              {add}
            </Empty>
          ) : (
            <DataTable label="Nodes" columns={columns} rows={fleet} keyOf={(node) => node.id} />
          )
        }
      </Shown>
    </PageFrame>
  )
}
