import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { apiKeyHeader, type NewApiKey } from '../../../../../contract/api/api-keys.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'

const unbroken = { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } as const

/** A key that was just made, this once. */
export function NewKey({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { key } = made
  const call = `curl -H '${apiKeyHeader}: ${key}' ${window.location.origin}/api/servers`
  return (
    <Stack>
      <Alert
        color="blue"
        icon={<IconKey />}
        title="Keep it now: it is not shown again"
        role="status"
      >
        <Text size="sm">
          Whoever has it may do what it may. The panel keeps only enough to know it again.
        </Text>
      </Alert>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} style={unbroken} aria-label="The key" data-autofocus tabIndex={0}>
          {key}
        </Code>
        <CopyButton text={key} what="key" />
      </Group>
      <Text size="sm">To try it:</Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} style={unbroken}>
          {call}
        </Code>
        <CopyButton text={call} what="command" />
      </Group>
      <Text size="xs" c="dimmed">
        Programs that send <Code>Authorization: Bearer</Code> can use it as well.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  )
}
