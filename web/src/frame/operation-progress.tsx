import { Progress, Text } from '@mantine/core'
import { isOpen, type Operation } from '../../../contract/api/operations.ts'
import { bytesText, percentText } from '../ui/amounts.ts'
import { useNow } from '../ui/now.tsx'
import { durationText } from '../ui/time-text.ts'

/** How far an operation is, or what it waits for. */
export function OperationProgress({ operation }: { operation: Operation }) {
  const now = useNow()
  const open = isOpen(operation.state)
  const waits = open && !operation.nodeOnline
  const figures = [
    operation.percent === null ? null : percentText(operation.percent),
    operation.bytes === null ? null : bytesText(operation.bytes),
  ].filter((figure) => figure !== null)
  return (
    <>
      {open && !waits ? (
        <Progress
          value={operation.percent ?? 100}
          animated={operation.percent === null}
          size="sm"
          aria-label={operation.percent === null ? 'Under way, how far is not known' : 'Progress'}
        />
      ) : null}
      {figures.length === 0 || !open ? null : <Text size="xs">{figures.join(' · ')}</Text>}
      {operation.message === null || operation.state === 'succeeded' ? null : (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {operation.message}
        </Text>
      )}
      {waits ? (
        <Text size="xs">
          Will run when {operation.nodeName} returns
          {operation.expiresAt === null
            ? '.'
            : `, expires in ${durationText(Date.parse(operation.expiresAt) - now)}.`}
        </Text>
      ) : null}
    </>
  )
}
