import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ApiKey } from '../../../contract/api/api-keys.ts'
import { Age } from './age.tsx'
import { FormFailure } from './form-failure.tsx'

interface RevokeKeyDialogProps {
  readonly apiKey: ApiKey
  /** What is done to it: "Delete", "Revoke". */
  readonly verb: string
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before a key opens nothing any more, and tells who will notice. */
export function RevokeKeyDialog(props: RevokeKeyDialogProps) {
  const { apiKey, verb, busy, error, onConfirm, onClose } = props
  const { name, start, permissions, lastUsedAt, lastUsedIp } = apiKey
  return (
    <Modal opened onClose={onClose} title={`${verb} ${name}?`}>
      <Stack>
        <Text size="sm">
          Whatever uses the key that begins with{' '}
          <Text span ff="monospace" inherit>
            {start}
          </Text>{' '}
          is refused at once, and consoles that it has open close. It cannot be brought back.
        </Text>
        <Text size="sm">
          {lastUsedAt === null ? (
            'It has never been used.'
          ) : (
            <>
              It was last used <Age at={lastUsedAt} />
              {lastUsedIp === null ? '' : `, from ${lastUsedIp}`}.
            </>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          It may use {permissions.join(', ')}.
        </Text>
        <FormFailure error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red.9" loading={busy} onClick={onConfirm}>
            {verb} the key
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
