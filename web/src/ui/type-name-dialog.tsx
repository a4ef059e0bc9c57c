import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Failure } from './failure.tsx'

interface TypeNameDialogProps {
  readonly opened: boolean
  readonly title: string
  /** The name that has to be typed. */
  readonly name: string
  readonly action: string
  /** The consequence, spelled out. */
  readonly children: ReactNode
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks for the thing's own name before it is destroyed. */
export function TypeNameDialog(props: TypeNameDialogProps) {
  const { opened, title, name, action, children, busy, error, onConfirm, onClose } = props
  const [typed, setTyped] = useState('')
  const matches = typed.trim() === name.trim()
  const close = () => {
    setTyped('')
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (matches) onConfirm()
  }
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          <TextInput
            label={
              <>
                Type{' '}
                <Text span ff="monospace" inherit>
                  {name}
                </Text>{' '}
                to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          {error ? <Failure error={error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button type="submit" color="red.9" disabled={!matches} loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
