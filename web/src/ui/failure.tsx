import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { ApiError, sentenceOf } from '../api/client.ts'
import { CopyButton } from './copy-button.tsx'

/** A failure with its request id and, where trying again makes sense, a button for it. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : null
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
        {onRetry === undefined ? null : (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
