import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import type { MadeLink } from '../../../../../contract/api/account-links.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { instantText } from '../../../ui/time-text.ts'

/** A link that was just made: mailed, or here to be passed on. @param to whom it is for */
export function MadeLinkNotice({ link, to }: { link: MadeLink; to: string }) {
  const until = instantText(link.expiresAt)
  if (link.url === null) {
    return (
      <Alert color="green" role="status" title={`Sent to ${to}`}>
        <Text size="sm">It is good until {until}.</Text>
      </Alert>
    )
  }
  return (
    <Alert color="blue" role="status" title={`Pass this link on to ${to}`}>
      <Stack gap="xs">
        <Text size="sm">
          It is shown this once, works once, and is good until {until}. Whoever has it gets in.
        </Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {link.url}
        </Code>
        <Group>
          <CopyButton text={link.url} what="link" withLabel />
        </Group>
      </Stack>
    </Alert>
  )
}
