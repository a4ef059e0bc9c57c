import { NativeSelect } from '@mantine/core'
import { OperationKind } from '../../../../contract/api/operations.ts'
import { kindNames } from '../../frame/operation-title.ts'
import type { useFilters } from '../../ui/use-filters.ts'

const states = [
  { value: '', label: 'Any state' },
  { value: 'open', label: 'Under way' },
  { value: 'finished', label: 'Finished' },
  { value: 'unsuccessful', label: 'Without success' },
] as const

const kinds = [
  { value: '', label: 'Any kind' },
  ...OperationKind.options.map((value) => ({ value, label: kindNames[value] })),
]

export type OperationFilters = ReturnType<typeof useFilters<'state' | 'kind' | 'node'>>

/** Narrows a list of operations by where they stand and by what they do. */
export function StateAndKind({ filters }: { filters: OperationFilters }) {
  return (
    <>
      <NativeSelect
        aria-label="State"
        data={states}
        value={filters.value('state')}
        onChange={(event) => filters.set('state', event.currentTarget.value)}
      />
      <NativeSelect
        aria-label="Kind"
        data={kinds}
        value={filters.value('kind')}
        onChange={(event) => filters.set('kind', event.currentTarget.value)}
      />
    </>
  )
}

/** What the filters ask for; what an address says that is no state and no kind is left out. */
export function askedBy(filters: OperationFilters) {
  const kind = OperationKind.safeParse(filters.value('kind'))
  return {
    page: filters.page,
    limit: 25,
    state: states.find(({ value }) => value === filters.value('state'))?.value || 'all',
    kind: kind.success ? kind.data : undefined,
  } as const
}
