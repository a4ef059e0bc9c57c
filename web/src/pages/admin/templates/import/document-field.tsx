import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { UrlField } from './url-field.tsx'

interface DocumentFieldProps {
  readonly value: string
  readonly error: ReactNode
  /** Where it may be found. */
  readonly address?: string | null
  readonly onChange: (text: string) => void
}

/** As much as the API reads, in characters. */
const longest = 900_000

/** An egg or a template as a text: from an address, out of a file, or pasted. */
export function DocumentField({ value, error, address, onChange }: DocumentFieldProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const read = async (file: File | null) => {
    if (file === null) return
    if (file.size > longest) return setProblem(`${file.name} is too large for a template.`)
    setProblem(null)
    onChange(await file.text())
  }
  return (
    <Stack gap="xs">
      <UrlField preset={address ?? ''} onContent={onChange} />
      <Group>
        <FileButton accept=".json,.yaml,.yml,application/json" onChange={read}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileUpload size={16} />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          JSON or YAML
        </Text>
      </Group>
      <Textarea
        label="Egg or template"
        placeholder="Or paste it here."
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={value}
        error={problem ?? error ?? null}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Stack>
  )
}
