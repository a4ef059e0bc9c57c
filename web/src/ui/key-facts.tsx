import { Stack, Text } from '@mantine/core'
import type { ApiKey } from '../../../contract/api/api-keys.ts'
import { Age } from './age.tsx'
import { counted } from './amounts.ts'
import type { Column } from './data-table.tsx'
import { useNow } from './now.tsx'
import { durationText, instantText } from './time-text.ts'

/** What lists of keys tell of each, whoever looks. */
export const keyColumns: readonly Column<ApiKey>[] = [
  {
    name: 'Key',
    cell: ({ name, start }) => (
      <>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {start}…
        </Text>
      </>
    ),
  },
  {
    name: 'May',
    cell: ({ permissions, serverIds, addresses }) => (
      <Stack gap={0}>
        <Text size="sm">{counted(permissions.length, 'permission')}</Text>
        <Text size="xs" c="dimmed">
          {serverIds === null ? 'on every server' : `on ${counted(serverIds.length, 'server')}`}
        </Text>
        {addresses === null ? null : (
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            from {addresses.slice(0, 2).join(', ')}
            {addresses.length > 2 ? ` and ${addresses.length - 2} more` : ''}
          </Text>
        )}
      </Stack>
    ),
  },
  { name: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
  {
    name: 'Last used',
    cell: ({ lastUsedAt, lastUsedIp }) =>
      lastUsedAt === null ? (
        'Never'
      ) : (
        <>
          <Age at={lastUsedAt} />
          {lastUsedIp === null ? null : (
            <Text size="xs" c="dimmed">
              {lastUsedIp}
            </Text>
          )}
        </>
      ),
  },
]

function Expiry({ at }: { at: string | null }) {
  const now = useNow()
  if (at === null) return 'Never'
  const left = Date.parse(at) - now
  return (
    <Text size="sm" title={instantText(at)} {...(left > 0 ? {} : { c: 'red' })}>
      {left > 0 ? `In ${durationText(left)}` : 'Expired'}
    </Text>
  )
}
