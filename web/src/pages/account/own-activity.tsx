import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { audit } from '../../../../contract/api/audit.ts'
import { auditActionText } from '../../../../contract/audit-actions.ts'
import type { Item } from '../../api/client.ts'
import { pollEvery } from '../../api/pace.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { paths } from '../../paths.ts'
import { Age } from '../../ui/age.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Pages } from '../../ui/pages.tsx'
import { Section } from '../../ui/section.tsx'
import { Shown } from '../../ui/shown.tsx'
import { useFilters } from '../../ui/use-filters.ts'

const columns: readonly Column<Item<typeof audit.own>>[] = [
  { name: 'When', cell: ({ at }) => <Age at={at} /> },
  {
    name: 'What',
    cell: ({ action, targetId, targetName }) => (
      <>
        {auditActionText(action)}
        {targetId === null || targetName === null ? null : (
          <Text size="xs">
            <Anchor component={Link} to={paths.server(targetId)} inherit>
              {targetName}
            </Anchor>
          </Text>
        )}
      </>
    ),
  },
  {
    name: 'From',
    cell: ({ ip, byKey }) => (
      <>
        {ip ?? '–'}
        {byKey ? (
          <Text size="xs" c="dimmed">
            With an API key
          </Text>
        ) : null}
      </>
    ),
  },
]

/** What was done in the reader's name: whatever looks strange there was somebody else. */
export function OwnActivity() {
  const filters = useFilters()
  const list = useQuery({
    ...pageQueryOf(audit.own, { page: filters.page, limit: 10 }),
    refetchInterval: pollEvery.calm,
  })
  return (
    <Section title="Activity" about="What was done in your name, and who failed to sign in as you.">
      <Shown query={list}>
        {({ items, pagination }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing yet.
            </Text>
          ) : (
            <Stack gap="sm">
              <DataTable label="Activity" columns={columns} rows={items} keyOf={({ id }) => id} />
              <Pages info={pagination} what="entry" many="entries" onTurn={filters.turnTo} />
            </Stack>
          )
        }
      </Shown>
    </Section>
  )
}
