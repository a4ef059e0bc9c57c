import { Anchor, Button, Card, Code, Group, Stack, Text } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { Link } from 'react-router'
import { isOpen, type Operation } from '../../../contract/api/operations.ts'
import { paths } from '../paths.ts'
import { adviceOn } from '../ui/advice.ts'
import { Age } from '../ui/age.tsx'
import { StatusBadge } from '../ui/badge.tsx'
import { operationLooks } from '../ui/looks.ts'
import { CancelOperation } from './cancel-operation.tsx'
import { OperationLog } from './operation-log.tsx'
import { OperationProgress } from './operation-progress.tsx'
import { kindNames } from './operation-title.ts'
import { RetryOperation } from './retry-operation.tsx'
import { useDrawer } from './use-drawer.ts'

/** One operation: what, on which server, by whom, how far, and why it failed. */
export function OperationCard({ operation }: { operation: Operation }) {
  const drawer = useDrawer()
  const unfolded = drawer.unfolded === operation.id
  const advice = adviceOn(operation)
  return (
    <Card withBorder padding="sm" component="article" aria-label={kindNames[operation.kind]}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {kindNames[operation.kind]}
            {operation.serverId === null ? null : (
              <>
                {' · '}
                <Anchor
                  component={Link}
                  to={paths.server(operation.serverId)}
                  inherit
                  underline="always"
                >
                  {operation.serverName ?? 'server'}
                </Anchor>
              </>
            )}
          </Text>
          <StatusBadge look={operationLooks[operation.state]} size="xs" />
        </Group>
        {operation.subject === null ? null : <Code>{operation.subject}</Code>}
        <OperationProgress operation={operation} />
        {advice === null ? null : <Text size="xs">{advice}</Text>}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            {operation.actorName} on {operation.nodeName},{' '}
            <Age at={operation.endedAt ?? operation.startedAt ?? operation.createdAt} />
          </Text>
          <Group gap={4}>
            <CancelOperation operation={operation} />
            <RetryOperation operation={operation} />
            <Button
              size="compact-xs"
              variant="subtle"
              aria-expanded={unfolded}
              onClick={() => drawer.open(unfolded ? undefined : operation.id)}
              leftSection={
                unfolded ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />
              }
            >
              Log
            </Button>
          </Group>
        </Group>
        {unfolded ? <OperationLog id={operation.id} live={isOpen(operation.state)} /> : null}
      </Stack>
    </Card>
  )
}
