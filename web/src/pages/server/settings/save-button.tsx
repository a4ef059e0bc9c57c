import { Button, Group } from '@mantine/core'

/** Saves a form; there is nothing to save until something was changed. */
export function SaveButton({ changed, busy }: { changed: boolean; busy: boolean }) {
  return (
    <Group>
      <Button type="submit" disabled={!changed} loading={busy}>
        Save
      </Button>
    </Group>
  )
}
