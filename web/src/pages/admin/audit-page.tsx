import { Anchor, Button, Code, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconListDetails, IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type AuditEntry, audit } from '../../../../contract/api/audit.ts'
import { auditActionText } from '../../../../contract/audit-actions.ts'
import type { Item } from '../../api/client.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { Age } from '../../ui/age.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PageFrame } from '../../ui/page.tsx'
import { Pages } from '../../ui/pages.tsx'
import { Shown } from '../../ui/shown.tsx'
import { useFilters } from '../../ui/use-filters.ts'
import { AuditFilters, ExportLinks, instantOf } from './audit-filters.tsx'
import { AuditTarget } from './audit-target.tsx'

const columns: readonly Column<Item<typeof audit.list>>[] = [
  { name: 'When', cell: ({ at }) => <Age at={at} /> },
  {
    name: 'Action',
    cell: ({ action }) => (
      <>
        {auditActionText(action)}
        <Text size="xs" c="dimmed" ff="monospace">
          {action}
        </Text>
      </>
    ),
  },
  {
    name: 'Who',
    cell: ({ actorName, ip, apiKeyId }) => (
      <>
        {actorName}
        {apiKeyId === null ? null : (
          <Text size="xs" c="dimmed">
            By the API key{' '}
            <Anchor component={Link} to={paths.audit({ target: apiKeyId })} inherit>
              {apiKeyId.slice(-8)}
            </Anchor>
          </Text>
        )}
        {ip === null ? null : (
          <Text size="xs" c="dimmed">
            {ip}
          </Text>
        )}
      </>
    ),
  },
  { name: 'On', cell: (entry) => <AuditTarget {...entry} /> },
  { name: 'Change', cell: (entry) => <Change entry={entry} /> },
]

export function Component() {
  const filters = useFilters('action', 'actor', 'target', 'from', 'to')
  const filter = {
    action: filters.value('action') || undefined,
    actorId: filters.value('actor') || undefined,
    targetId: filters.value('target') || undefined,
    from: instantOf(filters.value('from')),
    to: instantOf(filters.value('to')),
  }
  const list = useQuery(pageQueryOf(audit.list, { page: filters.page, limit: 50, ...filter }))
  return (
    <PageFrame title="Audit log" actions={<ExportLinks filter={filter} />}>
      <AuditFilters filters={filters} filter={filter} />
      <Shown query={list}>
        {({ items, pagination }) =>
          items.length === 0 && filters.isSet ? (
            <Empty
              icon={<IconSearchOff />}
              title="No entry matches"
              text="Try fewer filters, or another time."
            >
              <Button variant="default" onClick={filters.clear}>
                Clear the filters
              </Button>
            </Empty>
          ) : items.length === 0 ? (
            <Empty
              icon={<IconListDetails />}
              title="No entries"
              text="Whatever is changed in the panel is written down here, with who did it."
            />
          ) : (
            <>
              <DataTable label="Audit log" columns={columns} rows={items} keyOf={({ id }) => id} />
              <Pages info={pagination} what="entry" many="entries" onTurn={filters.turnTo} />
            </>
          )
        }
      </Shown>
    </PageFrame>
  )
}

function Change({ entry }: { entry: AuditEntry }) {
  const [shown, { toggle }] = useDisclosure(false)
  if (isNothing(entry.before) && isNothing(entry.after)) return '–'
  return (
    <Stack gap={4} align="flex-start">
      <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={shown}>
        {shown ? 'Hide' : 'Show'}
      </Button>
      {shown ? (
        <Code block>{JSON.stringify({ before: entry.before, after: entry.after }, null, 2)}</Code>
      ) : null}
    </Stack>
  )
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}
