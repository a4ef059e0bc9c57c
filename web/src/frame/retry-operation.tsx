import { Button } from '@mantine/core'
import { isOpen, type Operation, operations } from '../../../contract/api/operations.ts'
import { useAction } from '../api/queries.ts'
import { toastFailure } from '../ui/toast.ts'

/** Shown on what ended without success; the panel checks rights and the server's state again. */
export function RetryOperation({ operation }: { operation: Operation }) {
  const retry = useAction(operations.retry, {
    refreshes: [operations.list, operations.listOfServer],
  })
  if (!retryable(operation)) return null
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      loading={retry.isPending}
      onClick={() =>
        retry.mutate(
          { operationId: operation.id },
          { onError: (error) => toastFailure('Not asked for again', error) },
        )
      }
    >
      Try again
    </Button>
  )
}

/** A change of settings is made again in its form; what succeeded or was overtaken needs no repetition. */
export function retryable({ kind, state, serverId }: Operation): boolean {
  const isSettled = isOpen(state) || state === 'succeeded' || state === 'superseded'
  return !isSettled && kind !== 'server.update' && serverId !== null
}
