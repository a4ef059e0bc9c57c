import { Code, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { audit } from '../../../../contract/api/audit.ts'
import type { Item } from '../../api/client.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/section.tsx'
import { Shown } from '../../ui/shown.tsx'

const columns: readonly Column<Item<typeof audit.own>>[] = [
  { name: 'When', cell: ({ at }) => <Age at={at} /> },
  { name: 'What', cell: ({ action }) => <Code>{action}</Code> },
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

/** What was done in the reader's name last: whatever looks strange there was somebody else. */
export function OwnActivity() {
  const list = useQuery(pageQueryOf(audit.own, { limit: 20 }))
  return (
    <Section title="Activity" about="What was done in your name last.">
      <Shown query={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing yet.
            </Text>
          ) : (
            <DataTable label="Activity" columns={columns} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Shown>
    </Section>
  )
}
