import { Button, Text } from '@mantine/core'
import { isOpen, type Operation, operations } from '../../../contract/api/operations.ts'
import { type CommandType, commandRules } from '../../../contract/protocol/commands.ts'
import { useAction } from '../api/queries.ts'
import { toastFailure } from '../ui/toast.ts'

/** Shown while an operation can still be called off; a power click is replaced by the next one instead. */
export function CancelOperation({ operation }: { operation: Operation }) {
  const cancel = useAction(operations.cancel, {
    refreshes: [operations.list, operations.listOfServer],
  })
  if (!cancellable(operation)) return null
  if (operation.cancelRequestedAt !== null) {
    return (
      <Text size="xs" c="dimmed">
        Cancelling
      </Text>
    )
  }
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="red"
      loading={cancel.isPending}
      onClick={() =>
        cancel.mutate(
          { operationId: operation.id },
          { onError: (error) => toastFailure('Not cancelled', error) },
        )
      }
    >
      Cancel
    </Button>
  )
}

/** Numbered commands can be called off before they were sent, and later where their rule says so. */
export function cancellable({ kind, state }: Pick<Operation, 'kind' | 'state'>): boolean {
  if (!isOpen(state)) return false
  const command = commandTypes.find((type) => type === kind)
  return command !== undefined && (state !== 'running' || commandRules[command].cancellable)
}

const commandTypes: readonly CommandType[] = ['server.install', 'console.input']
