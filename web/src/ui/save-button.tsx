import { Button, Group, Tooltip } from '@mantine/core'

interface SaveButtonProps {
  readonly changed: boolean
  readonly busy: boolean
  /** `true`, or the reason why nothing can be saved now. */
  readonly possible?: true | string
}

/** Saves a form; there is nothing to save until something was changed, and the button says so. */
export function SaveButton({ changed, busy, possible = true }: SaveButtonProps) {
  const ready = possible === true && changed
  const reason = possible === true ? 'Nothing was changed yet' : possible
  return (
    <Group>
      <Tooltip label={reason} disabled={ready} events={events} multiline maw={280}>
        <Button
          type={ready ? 'submit' : 'button'}
          loading={busy}
          aria-disabled={!ready || undefined}
          aria-description={ready ? undefined : reason}
          data-disabled={!ready}
        >
          Save
        </Button>
      </Tooltip>
    </Group>
  )
}

const events = { hover: true, focus: true, touch: true }
