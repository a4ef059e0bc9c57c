import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import type { MadeInvite } from '../../../../../contract/api/sub-users.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { instantText } from '../../../ui/time-text.ts'

/** What became of an invitation that was just made: it is on its way, or has to be passed on. */
export function MadeLink({ made }: { made: MadeInvite }) {
  const { invite, url, expiresAt } = made
  return (
    <Alert color="green" icon={<IconCircleCheck />} title="The invitation is made" role="status">
      {url === null ? (
        <Text size="sm">It was sent to {invite.email}.</Text>
      ) : (
        <Stack gap={4}>
          <Text size="sm">
            Pass this link on to {invite.email} by a way that nobody else reads. It is shown this
            once.
          </Text>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Code block flex={1} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {url}
            </Code>
            <CopyButton text={url} what="link" />
          </Group>
        </Stack>
      )}
      <Text size="xs" c="dimmed" mt={4}>
        Good for one use until {instantText(expiresAt)}.
      </Text>
    </Alert>
  )
}
