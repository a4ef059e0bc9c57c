import { Code, Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '../../../ui/copy-button.tsx'

const line = 'npm start -- --demo'

/** The quickest first template. Its image is made on the panel's own machine, so no button here could do it. */
export function DemoHint({ align = 'center' }: { align?: 'center' | 'flex-start' }) {
  return (
    <Stack gap={4} align={align}>
      <Text size="sm" c="dimmed" maw={480}>
        For a real game that needs no registry and no account, start the panel again with this line.
        It makes an image of OpenTTD from Debian’s packages and adds its template.
      </Text>
      <Group gap={4} wrap="nowrap">
        <Code>{line}</Code>
        <CopyButton text={line} what="line" />
      </Group>
    </Stack>
  )
}
