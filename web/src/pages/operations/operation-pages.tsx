import { Button, Stack } from '@mantine/core'
import { IconActivity, IconSearchOff } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Operation } from '../../../../contract/api/operations.ts'
import type { Page } from '../../../../contract/endpoint.ts'
import { OperationCard } from '../../frame/operation-card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Pages } from '../../ui/pages.tsx'
import { Shown } from '../../ui/shown.tsx'
import type { OperationFilters } from './operation-filters.tsx'

interface OperationPagesProps {
  readonly query: UseQueryResult<Page<Operation>>
  readonly filters: OperationFilters
}

/** Operations a page at a time, newest first, with what can be done about each. */
export function OperationPages({ query, filters }: OperationPagesProps) {
  return (
    <Shown query={query} loading={<Loading rows={4} height={90} />}>
      {({ items, pagination }) =>
        items.length === 0 ? (
          <Nothing filters={filters} />
        ) : (
          <>
            <Stack gap="xs">
              {items.map((operation) => (
                <OperationCard key={operation.id} operation={operation} />
              ))}
            </Stack>
            <Pages info={pagination} what="operation" onTurn={filters.turnTo} />
          </>
        )
      }
    </Shown>
  )
}

function Nothing({ filters }: { filters: OperationFilters }) {
  if (!filters.isSet) {
    return (
      <Empty
        icon={<IconActivity />}
        title="Nothing yet"
        text="Whatever a node is asked to do shows here, from the click to its end."
      />
    )
  }
  return (
    <Empty icon={<IconSearchOff />} title="No operation matches" text="Try fewer filters.">
      <Button variant="default" onClick={filters.clear}>
        Clear the filters
      </Button>
    </Empty>
  )
}
