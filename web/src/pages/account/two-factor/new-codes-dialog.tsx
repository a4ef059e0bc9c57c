import { Button, Code, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { downloadText } from '../../../ui/download.ts'

interface NewCodesDialogProps {
  readonly codes: readonly string[]
  readonly onKept: () => void
}

/** Recovery codes, this once. It closes by its button alone, so that no stray click loses them. */
export function NewCodesDialog({ codes, onKept }: NewCodesDialogProps) {
  const text = `${codes.join('\n')}\n`
  return (
    <Modal
      opened
      onClose={onKept}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      title="Keep your recovery codes"
    >
      <Stack>
        <Text>
          Each of these lets you in once without your phone or key. They are not shown again: keep
          them where you keep your passwords.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="ul" p={0} m={0}>
          {codes.map((code) => (
            <Code key={code} component="li" style={{ listStyle: 'none' }}>
              {code}
            </Code>
          ))}
        </SimpleGrid>
        <Group>
          <CopyButton text={text} what="codes" withLabel />
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => downloadText('catalyst-recovery-codes.txt', text)}
          >
            Download
          </Button>
        </Group>
        <Button onClick={onKept}>I have kept them</Button>
      </Stack>
    </Modal>
  )
}
