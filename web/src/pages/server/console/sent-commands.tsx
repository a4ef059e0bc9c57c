import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconCircleX, IconClock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { isOpen, type Operation, operations } from '../../../../../contract/api/operations.ts'
import type { OperationId } from '../../../../../contract/ids.ts'
import { sentenceOf } from '../../../api/client.ts'
import { paceOf } from '../../../api/pace.ts'
import { queryOf } from '../../../api/queries.ts'
import { CancelOperation } from '../../../frame/cancel-operation.tsx'
import { OperationProgress } from '../../../frame/operation-progress.tsx'
import { type Look, StatusBadge } from '../../../ui/badge.tsx'
import { operationLooks } from '../../../ui/looks.ts'
import type { SentCommand } from './use-commands.ts'

/** What became of the lines that were sent last. */
export function SentCommands({
  sent,
  onClear,
}: {
  sent: readonly SentCommand[]
  onClear: () => void
}) {
  if (sent.length === 0) return null
  return (
    <Stack gap={4} component="section" aria-label="Sent commands">
      {sent.map((command) => (
        <Group key={command.no} gap="xs" align="flex-start">
          <Code style={{ overflowWrap: 'anywhere' }}>{command.line}</Code>
          <Fate command={command} />
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={onClear}
        style={{ alignSelf: 'flex-start' }}
      >
        Clear these
      </Button>
    </Stack>
  )
}

function Fate({ command: { fate } }: { command: SentCommand }) {
  switch (fate.kind) {
    case 'sending':
      return <StatusBadge look={sending} size="xs" />
    case 'refused':
      return (
        <>
          <StatusBadge look={refused} size="xs" />
          <Text size="xs">{sentenceOf(fate.error)}</Text>
        </>
      )
    case 'accepted':
      return <Followed operationId={fate.operationId} />
  }
}

function Followed({ operationId }: { operationId: OperationId }) {
  const operation = useQuery({
    ...queryOf(operations.get, { operationId }),
    refetchInterval: (query) =>
      query.state.data !== undefined && !isOpen(query.state.data.state) ? false : paceOf('working'),
  })
  if (operation.data === undefined) return <StatusBadge look={operationLooks.queued} size="xs" />
  const { state } = operation.data
  return (
    <>
      <StatusBadge look={fateLook(state)} size="xs" />
      {state === 'succeeded' ? null : <Reason operation={operation.data} />}
      <CancelOperation operation={operation.data} />
    </>
  )
}

function Reason({ operation }: { operation: Operation }) {
  const waits = isOpen(operation.state) && !operation.nodeOnline
  return waits || operation.message !== null ? <OperationProgress operation={operation} /> : null
}

/** A command has ended when the server's console took it. */
function fateLook(state: Operation['state']): Look {
  const look = operationLooks[state]
  if (state === 'succeeded') return { ...look, text: 'Delivered' }
  return state === 'running' ? { ...look, text: 'Sent' } : look
}

const sending: Look = { text: 'Sending', colour: 'blue', icon: IconClock }
const refused: Look = { text: 'Refused', colour: 'red', icon: IconCircleX }
