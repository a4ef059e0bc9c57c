import { Button, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { Form } from './form.tsx'
import { FormFailure } from './form-failure.tsx'

interface DialogFormProps {
  /** By field, as in `Form`. */
  readonly errors: object
  readonly attempt: {
    readonly error: unknown
    readonly isPending: boolean
    readonly reset: () => void
  }
  /** What it failed with, where that is not told by a field already. */
  readonly failure?: unknown
  /** What the button that sends it says. */
  readonly action: string
  /** Of that button, where what it does cannot be taken back. */
  readonly color?: string
  /** What the button that leaves it says. */
  readonly cancel?: string
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The form of a dialog: its fields, what it failed with, and the two ways out. */
export function DialogForm(props: DialogFormProps) {
  const { errors, attempt, action, color, onSubmit, onClose, children } = props
  const { failure = attempt.error, cancel = 'Cancel' } = props
  return (
    <Form errors={errors} attempt={attempt} onSubmit={onSubmit}>
      <Stack>
        {children}
        <FormFailure error={failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button type="submit" loading={attempt.isPending} {...(color ? { color } : {})}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}
