import { Button, Group, Text } from '@mantine/core'
import type { Server } from '../../../../../contract/api/servers.ts'
import type { ConsoleLine } from '../../../../../contract/protocol/console.ts'
import { sentenceOf } from '../../../api/client.ts'
import { counted } from '../../../ui/amounts.ts'
import { type Gap, gapsIn, shownOf } from './console-lines.ts'

interface NoticesProps {
  readonly server: Server
  readonly lines: readonly ConsoleLine[]
  readonly older: {
    readonly older: () => void
    readonly fill: (gap: Gap) => void
    readonly isLoading: boolean
    readonly error: unknown
  }
}

/** What of the console is not here, with buttons to get it: the same as the links in the terminal. */
export function ConsoleNotices({ server, lines, older }: NoticesProps) {
  const gap = gapsIn(shownOf(lines, null)).findLast(({ lost }) => !lost)
  if (gap === undefined && older.error === null && !older.isLoading) return null
  const away = server.nodeStatus === 'offline'
  return (
    <Group gap="xs" role="status">
      {older.isLoading ? <Text size="sm">Loading lines from the node…</Text> : null}
      {older.error === null || older.isLoading ? null : (
        <>
          <Text size="sm">Older lines: {sentenceOf(older.error)}</Text>
          <Button size="compact-xs" variant="default" onClick={older.older}>
            Try again
          </Button>
        </>
      )}
      {gap === undefined || older.isLoading ? null : (
        <>
          <Text size="sm">
            {gap.count === null ? 'Some lines are' : counted(gap.count, 'line is', 'lines are')}{' '}
            missing before #{gap.before}.
          </Text>
          {away ? (
            <Text size="sm" c="dimmed">
              They can be loaded when the node returns.
            </Text>
          ) : (
            <Button size="compact-xs" variant="default" onClick={() => older.fill(gap)}>
              Load them
            </Button>
          )}
        </>
      )}
    </Group>
  )
}
