import { Group, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { nodes } from '../../../../contract/api/nodes.ts'
import { ServerStatus } from '../../../../contract/rules/server-states.ts'
import { queryOf } from '../../api/queries.ts'
import { may } from '../../api/rights.ts'
import { useMe } from '../../frame/session.tsx'
import { serverLooks } from '../../ui/looks.ts'
import { SearchField } from '../../ui/search-field.tsx'
import type { useFilters } from '../../ui/use-filters.ts'

type Filters = ReturnType<typeof useFilters<'search' | 'node' | 'status'>>

const states = [
  { value: '', label: 'Every state' },
  ...ServerStatus.options.map((status) => ({ value: status, label: serverLooks[status].text })),
]

export function ServerFilters({ filters }: { filters: Filters }) {
  const me = useMe()
  const fleet = useQuery({ ...queryOf(nodes.list, {}), enabled: may(me, 'node.read') })
  return (
    <Group gap="xs" role="search">
      <SearchField
        label="Search by name"
        value={filters.value('search')}
        onSearch={(text) => filters.set('search', text)}
      />
      <NativeSelect
        aria-label="State"
        data={states}
        value={filters.value('status')}
        onChange={(event) => filters.set('status', event.currentTarget.value)}
      />
      {fleet.data === undefined ? null : (
        <NativeSelect
          aria-label="Node"
          data={[
            { value: '', label: 'Every node' },
            ...fleet.data.map((node) => ({ value: node.id, label: node.name })),
          ]}
          value={filters.value('node')}
          onChange={(event) => filters.set('node', event.currentTarget.value)}
        />
      )}
    </Group>
  )
}
