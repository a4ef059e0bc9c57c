import { ScrollArea, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { operations } from '../../../contract/api/operations.ts'
import type { OperationId } from '../../../contract/ids.ts'
import { pollEvery } from '../api/pace.ts'
import { queryOf } from '../api/queries.ts'
import { Shown } from '../ui/shown.tsx'

/** The end of an operation's log. */
export function OperationLog({ id, live }: { id: OperationId; live: boolean }) {
  const detail = useQuery({
    ...queryOf(operations.get, { operationId: id }),
    refetchInterval: live ? pollEvery.working : false,
  })
  return (
    <Shown query={detail} loading={<Skeleton height={60} />}>
      {({ log }) =>
        log.length === 0 ? (
          <Text size="xs" c="dimmed">
            The log is empty.
          </Text>
        ) : (
          <ScrollArea.Autosize mah={240} viewportProps={{ tabIndex: 0, 'aria-label': 'Log' }}>
            <Text component="pre" size="xs" ff="monospace" m={0} style={{ whiteSpace: 'pre-wrap' }}>
              {log.join('\n')}
            </Text>
          </ScrollArea.Autosize>
        )
      }
    </Shown>
  )
}
