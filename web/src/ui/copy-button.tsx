import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'

interface CopyProps {
  /** A function when the text is costly to make or changes all the time. */
  readonly text: string | (() => string)
  /** What is copied: "address". */
  readonly what: string
  readonly withLabel?: boolean
}

/** Browsers give pages the clipboard only over HTTPS or on localhost. */
const refused = 'Copying needs HTTPS: the browser refuses it on this page. Select the text instead.'

export function CopyButton({ text, what, withLabel = false }: CopyProps) {
  const clipboard = useClipboard({ timeout: 1500 })
  const possible = window.isSecureContext
  const label = !possible ? refused : clipboard.copied ? 'Copied' : `Copy ${what}`
  const icon = clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />
  const copy = () => {
    if (possible) clipboard.copy(typeof text === 'function' ? text() : text)
  }
  const shared = {
    onClick: copy,
    'aria-disabled': !possible,
    'data-disabled': !possible,
    variant: 'subtle',
    color: 'gray',
  } as const
  return (
    <Tooltip label={label} multiline maw={260}>
      {withLabel ? (
        <Button {...shared} size="compact-sm" leftSection={icon}>
          {clipboard.copied ? 'Copied' : `Copy ${what}`}
        </Button>
      ) : (
        <ActionIcon {...shared} aria-label={label}>
          {icon}
        </ActionIcon>
      )}
    </Tooltip>
  )
}
