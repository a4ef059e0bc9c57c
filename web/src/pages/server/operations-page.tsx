import { Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { operations } from '../../../../contract/api/operations.ts'
import { paceOf } from '../../api/pace.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { useFilters } from '../../ui/use-filters.ts'
import { askedBy, StateAndKind } from '../operations/operation-filters.tsx'
import { OperationPages } from '../operations/operation-pages.tsx'
import { useServerPage } from './server-context.ts'

/** What was asked of one server, by whom, and how it ended. */
export function Component() {
  const { server } = useServerPage()
  const filters = useFilters('state', 'kind', 'node')
  const list = useQuery({
    ...pageQueryOf(operations.listOfServer, { serverId: server.id, ...askedBy(filters) }),
    refetchInterval: () => paceOf('watched'),
  })
  return (
    <Stack>
      <Group gap="xs" role="search">
        <StateAndKind filters={filters} />
      </Group>
      <OperationPages query={list} filters={filters} />
    </Stack>
  )
}
