import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type AuditFilter, audit, auditExportPath } from '../../../../contract/api/audit.ts'
import { auditActionText } from '../../../../contract/audit-actions.ts'
import { queryOf } from '../../api/queries.ts'
import { SearchField } from '../../ui/search-field.tsx'
import type { useFilters } from '../../ui/use-filters.ts'

type Filters = ReturnType<typeof useFilters<'action' | 'actor' | 'target' | 'from' | 'to'>>

interface AuditFiltersProps {
  readonly filters: Filters
  /** What they ask for. */
  readonly filter: AuditFilter
}

/** Narrows the log by what it holds, by an id, and by time. */
export function AuditFilters({ filters, filter }: AuditFiltersProps) {
  const { from, to, targetId } = filter
  const known = useQuery(queryOf(audit.facets, { from, to, targetId })).data
  const choice = (name: 'action' | 'actor', label: string, none: string) => {
    const facets = known?.[name === 'action' ? 'actions' : 'actors'] ?? []
    const value = filters.value(name)
    const data = facets.map((facet) => ({
      value: facet.value,
      label: `${auditActionText(facet.name)} (${facet.count})`,
    }))
    // What the address asks for may not be among the most frequent.
    if (value !== '' && !data.some((one) => one.value === value)) {
      data.push({ value, label: auditActionText(value) })
    }
    return (
      <NativeSelect
        aria-label={label}
        data={[{ value: '', label: none }, ...data]}
        value={value}
        onChange={(event) => filters.set(name, event.currentTarget.value)}
      />
    )
  }
  const time = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="datetime-local"
      leftSection={<span>{label}</span>}
      leftSectionWidth={56}
      aria-label={label}
      value={filters.value(name)}
      onChange={(event) => filters.set(name, event.currentTarget.value)}
    />
  )
  return (
    <Group gap="xs" role="search">
      {choice('action', 'Action', 'Every action')}
      {choice('actor', 'Who', 'Everybody')}
      <SearchField
        label="Id of what it was done to"
        value={filters.value('target')}
        onSearch={(text) => filters.set('target', text)}
      />
      {time('from', 'From')}
      {time('to', 'Until')}
    </Group>
  )
}

/** The filtered log as a file. */
export function ExportLinks({ filter }: { filter: AuditFilter }) {
  const link = (format: 'csv' | 'jsonl', label: string) => {
    const query = new URLSearchParams({ format })
    for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value)
    return (
      <Button
        component="a"
        href={`${auditExportPath}?${query}`}
        download
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {label}
      </Button>
    )
  }
  return (
    <Group gap="xs">
      {link('csv', 'CSV')}
      {link('jsonl', 'JSON lines')}
    </Group>
  )
}

/** The reader's local time as an instant; undefined when there is none. */
export function instantOf(local: string): string | undefined {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
