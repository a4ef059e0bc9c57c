import { Button, Group, Tooltip } from '@mantine/core'

/** Saves a form; there is nothing to save until something was changed, and the button says so. */
export function SaveButton({ changed, busy }: { changed: boolean; busy: boolean }) {
  return (
    <Group>
      <Tooltip label="Nothing was changed yet" disabled={changed} events={events}>
        <Button
          type={changed ? 'submit' : 'button'}
          loading={busy}
          aria-disabled={!changed || undefined}
          aria-description={changed ? undefined : 'Nothing was changed yet'}
          data-disabled={!changed}
        >
          Save
        </Button>
      </Tooltip>
    </Group>
  )
}

const events = { hover: true, focus: true, touch: true }
