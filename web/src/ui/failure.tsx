import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { isTrouble, sentenceOf, traceOf } from '../api/client.ts'
import { CopyButton } from './copy-button.tsx'
import { useWait, waitText } from './wait.ts'

/**
 * A failure, with its request id where the log knows more, and, where trying again makes sense, a button for
 * it or the time until then.
 */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const requestId = traceOf(error)
  const wait = useWait(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {sentenceOf(error)}
          {/* A timer is read out with the rest once, and not at every second. */}
          {wait === null ? null : <span role="timer"> {waitText(wait)}</span>}
        </Text>
        {requestId === null ? null : (
          <Group gap={4}>
            <Text size="xs" c="dimmed" ff="monospace">
              Request {requestId}
            </Text>
            <CopyButton text={requestId} what="request id" />
          </Group>
        )}
        {onRetry === undefined || !isTrouble(error) ? null : (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
