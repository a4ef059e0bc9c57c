import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { isTrouble, sentenceOf, traceOf } from '../api/client.ts'
import { CopyButton } from './copy-button.tsx'

/** A failure, with its request id where the log knows more, and, where trying again makes sense, a button for it. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const requestId = traceOf(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{sentenceOf(error)}</Text>
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
