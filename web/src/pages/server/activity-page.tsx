import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type Activity, audit } from '../../../../contract/api/audit.ts'
import { auditActionText } from '../../../../contract/audit-actions.ts'
import { pollEvery } from '../../api/pace.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Pages } from '../../ui/pages.tsx'
import { Section } from '../../ui/section.tsx'
import { Shown } from '../../ui/shown.tsx'
import { useFilters } from '../../ui/use-filters.ts'
import { useServerPage } from './server-context.ts'

const columns: readonly Column<Activity>[] = [
  { name: 'When', cell: ({ at }) => <Age at={at} /> },
  { name: 'Who', cell: ({ actorName }) => actorName },
  { name: 'What', cell: ({ action }) => auditActionText(action) },
]

/** Everything that was done to one server, for those who share it. */
export function Component() {
  const { server } = useServerPage()
  const filters = useFilters()
  const list = useQuery({
    ...pageQueryOf(audit.ofServer, { serverId: server.id, page: filters.page, limit: 50 }),
    refetchInterval: pollEvery.watched,
  })
  return (
    <Section title="Activity" about="Who did what to this server, newest first.">
      <Shown query={list}>
        {({ items, pagination }) =>
          items.length === 0 ? (
            <Empty
              icon={<IconHistory />}
              title="Nothing here"
              text="Older entries are deleted after a while."
            />
          ) : (
            <>
              <DataTable label="Activity" columns={columns} rows={items} keyOf={({ id }) => id} />
              <Pages info={pagination} what="entry" many="entries" onTurn={filters.turnTo} />
            </>
          )
        }
      </Shown>
    </Section>
  )
}
