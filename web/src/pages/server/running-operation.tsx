import { Group, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Operation, operations } from '../../../../contract/api/operations.ts'
import type { Server } from '../../../../contract/api/servers.ts'
import { paceOf } from '../../api/pace.ts'
import { pageQueryOf } from '../../api/queries.ts'
import { CancelOperation } from '../../frame/cancel-operation.tsx'
import { ProgressBar, progressTexts } from '../../frame/operation-progress.tsx'
import { kindNames } from '../../frame/operation-title.ts'
import { useDrawer } from '../../frame/use-drawer.ts'
import { StatusBadge } from '../../ui/badge.tsx'
import { operationLooks } from '../../ui/looks.ts'
import { useNow } from '../../ui/now.tsx'
import classes from './running-operation.module.css'

/** The operation that is under way on a server, in one line; the drawer tells the rest, the console its own lines. */
export function RunningOperation({ server }: { server: Server }) {
  const open = useQuery({
    ...pageQueryOf(operations.listOfServer, { serverId: server.id, state: 'open', limit: 20 }),
    refetchInterval: (query) =>
      paceOf((query.state.data?.items.length ?? 0) > 0 ? 'working' : 'watched'),
  })
  const shown = open.data?.items.filter(({ kind }) => kind !== 'console.input') ?? []
  const operation = shown.find(({ state }) => state === 'running') ?? shown.at(-1)
  return (
    <div className={classes.slot}>
      {operation === undefined ? null : <Line operation={operation} others={shown.length - 1} />}
    </div>
  )
}

function Line({ operation, others }: { operation: Operation; others: number }) {
  const drawer = useDrawer()
  const progress = progressTexts(operation, useNow()).join(' · ')
  return (
    <section aria-label="Under way">
      <Group justify="space-between" wrap="nowrap" gap="xs" h="1.5rem">
        <UnstyledButton onClick={() => drawer.open(operation.id)} style={{ minWidth: 0 }}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" fw={600}>
              {kindNames[operation.kind]}
            </Text>
            <StatusBadge look={operationLooks[operation.state]} size="xs" />
            <Text size="xs" c="dimmed" truncate>
              {others > 0 ? `and ${others} more ` : ''}
              {progress}
            </Text>
          </Group>
        </UnstyledButton>
        <CancelOperation operation={operation} />
      </Group>
      <ProgressBar operation={operation} />
    </section>
  )
}
