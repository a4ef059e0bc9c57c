import { Card, Group, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { operations } from '../../../../contract/api/operations.ts'
import type { Server } from '../../../../contract/api/servers.ts'
import { pageQueryOf, pollEvery } from '../../api/queries.ts'
import { CancelOperation } from '../../frame/cancel-operation.tsx'
import { OperationProgress } from '../../frame/operation-progress.tsx'
import { kindNames } from '../../frame/operation-title.ts'
import { useDrawer } from '../../frame/use-drawer.ts'
import { StatusBadge } from '../../ui/badge.tsx'
import { operationLooks } from '../../ui/looks.ts'

/** The operation that is under way on a server; console lines are shown in the console. */
export function RunningOperation({ server }: { server: Server }) {
  const drawer = useDrawer()
  const open = useQuery({
    ...pageQueryOf(operations.listOfServer, { serverId: server.id, state: 'open', limit: 20 }),
    refetchInterval: (query) =>
      (query.state.data?.items.length ?? 0) > 0 ? pollEvery.working : pollEvery.watched,
  })
  const shown = open.data?.items.filter(({ kind }) => kind !== 'console.input') ?? []
  const operation = shown.find(({ state }) => state === 'running') ?? shown.at(-1)
  if (operation === undefined) return null
  return (
    <Card withBorder padding="xs" component="section" aria-label="Under way">
      <Group justify="space-between" wrap="nowrap">
        <UnstyledButton onClick={() => drawer.open(operation.id)}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {kindNames[operation.kind]}
            </Text>
            <StatusBadge look={operationLooks[operation.state]} size="xs" />
            {shown.length > 1 ? (
              <Text size="xs" c="dimmed">
                and {shown.length - 1} more
              </Text>
            ) : null}
          </Group>
        </UnstyledButton>
        <CancelOperation operation={operation} />
      </Group>
      <OperationProgress operation={operation} />
    </Card>
  )
}
