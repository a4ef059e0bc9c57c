import { Group, NativeSelect } from '@mantine/core'
import { ServerStatus } from '../../../../contract/rules/server-states.ts'
import { serverLooks } from '../../ui/looks.ts'
import { SearchField } from '../../ui/search-field.tsx'
import type { useFilters } from '../../ui/use-filters.ts'
import { NodeSelect } from './node-select.tsx'

type Filters = ReturnType<typeof useFilters<'search' | 'node' | 'status' | 'access'>>

const states = [
  { value: '', label: 'Every state' },
  ...ServerStatus.options.map((status) => ({ value: status, label: serverLooks[status].text })),
]

const whose = [
  { value: '', label: 'Everybody’s' },
  { value: 'own', label: 'Yours' },
  { value: 'shared', label: 'Shared with you' },
]

export function ServerFilters({ filters }: { filters: Filters }) {
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
      <NativeSelect
        aria-label="Whose"
        data={whose}
        value={filters.value('access')}
        onChange={(event) => filters.set('access', event.currentTarget.value)}
      />
      <NodeSelect
        aria-label="Node"
        none="Every node"
        textOf={({ name }) => name}
        value={filters.value('node')}
        onChange={(event) => filters.set('node', event.currentTarget.value)}
      />
    </Group>
  )
}
