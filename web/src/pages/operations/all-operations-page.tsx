import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { operations } from '../../../../contract/api/operations.ts'
import { NodeId } from '../../../../contract/ids.ts'
import { paceOf } from '../../api/pace.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { PageFrame } from '../../ui/page.tsx'
import { useFilters } from '../../ui/use-filters.ts'
import { NodeSelect } from '../servers/node-select.tsx'
import { askedBy, StateAndKind } from './operation-filters.tsx'
import { OperationPages } from './operation-pages.tsx'

/** Every operation that the reader may see; for administrators those of all nodes. */
export function Component() {
  const filters = useFilters('state', 'kind', 'node')
  const node = NodeId.safeParse(filters.value('node'))
  const list = useQuery({
    ...pageQueryOf(operations.list, {
      ...askedBy(filters),
      nodeId: node.success ? node.data : undefined,
    }),
    refetchInterval: () => paceOf('watched'),
  })
  return (
    <PageFrame title="Operations">
      <Group gap="xs" role="search">
        <StateAndKind filters={filters} />
        <NodeSelect
          aria-label="Node"
          none="Any node"
          textOf={({ name }) => name}
          value={filters.value('node')}
          onChange={(event) => filters.set('node', event.currentTarget.value)}
        />
      </Group>
      <OperationPages query={list} filters={filters} />
    </PageFrame>
  )
}
