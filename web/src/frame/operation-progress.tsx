import { Progress, Text } from '@mantine/core'
import { isOpen, type Operation } from '../../../contract/api/operations.ts'
import { bytesText, percentText } from '../ui/amounts.ts'
import { useNow } from '../ui/now.tsx'
import { durationText } from '../ui/time-text.ts'

/** In words how far an operation is or what it waits for, the most telling first. */
export function progressTexts(operation: Operation, now: number): string[] {
  if (!isOpen(operation.state)) return []
  if (!operation.nodeOnline) {
    const expires = operation.expiresAt === null ? null : Date.parse(operation.expiresAt) - now
    const end = expires === null ? '.' : `, expires in ${durationText(expires)}.`
    return [`Will run when ${operation.nodeName} returns${end}`]
  }
  const figures = [
    operation.percent === null ? null : percentText(operation.percent),
    operation.bytes === null ? null : bytesText(operation.bytes),
    operation.message,
  ]
  return figures.filter((figure) => figure !== null)
}

/** How far an operation is, or what it waits for; once it has ended, what went wrong. */
export function OperationProgress({ operation }: { operation: Operation }) {
  const now = useNow()
  const open = isOpen(operation.state)
  const failure = open || operation.state === 'succeeded' ? null : operation.message
  const texts = failure === null ? progressTexts(operation, now) : [failure]
  return (
    <>
      <ProgressBar operation={operation} />
      {texts.length === 0 ? null : (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {texts.join(' · ')}
        </Text>
      )}
    </>
  )
}

/** Moves while its node works on it. */
export function ProgressBar({ operation }: { operation: Operation }) {
  if (!isOpen(operation.state) || !operation.nodeOnline) return null
  return (
    <Progress
      value={operation.percent ?? 100}
      animated={operation.percent === null}
      size="sm"
      aria-label={operation.percent === null ? 'Under way, how far is not known' : 'Progress'}
    />
  )
}
