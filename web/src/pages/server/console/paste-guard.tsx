import { Button, Code, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core'
import { counted } from '../../../ui/amounts.ts'

interface PasteGuardProps {
  readonly lines: readonly string[]
  readonly onEach: (lines: readonly string[]) => void
  readonly onJoined: (text: string) => void
  readonly onClose: () => void
}

/** Asks before several pasted lines run as commands one after the other. */
export function PasteGuard({ lines, onEach, onJoined, onClose }: PasteGuardProps) {
  return (
    <Modal opened onClose={onClose} title="Several lines were pasted">
      <Stack>
        <Text size="sm">
          Each line would run as a command of its own. {counted(lines.length, 'line')}:
        </Text>
        <ScrollArea.Autosize
          mah={200}
          viewportProps={{ tabIndex: 0, 'aria-label': 'Pasted lines' }}
        >
          <Code block>{lines.join('\n')}</Code>
        </ScrollArea.Autosize>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="default" onClick={() => onJoined(lines.join(' '))}>
            Put on one line
          </Button>
          <Button onClick={() => onEach(lines)}>Run {counted(lines.length, 'command')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
