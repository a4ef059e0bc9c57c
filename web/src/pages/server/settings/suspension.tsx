import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { type ServerDetail, servers } from '../../../../../contract/api/servers.ts'
import { useAction } from '../../../api/queries.ts'
import { Age } from '../../../ui/age.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { Section } from '../../../ui/section.tsx'
import { toastDone, toastFailure } from '../../../ui/toast.ts'

/** For staff: keeps a server from being used, and gives it back. */
export function Suspension({ server }: { server: ServerDetail }) {
  return (
    <Section
      title="Suspension"
      about="A suspended server is stopped. Its owner can neither start it nor use its console or files, and sees the reason."
    >
      {server.suspendedAt === null ? <Suspend server={server} /> : <Lift server={server} />}
    </Section>
  )
}

function Suspend({ server }: { server: ServerDetail }) {
  const [asking, ask] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const suspend = useAction(servers.suspend, {
    refreshes: [servers.get, servers.list],
    onDone: () => {
      ask.close()
      toastDone('Suspended')
    },
  })
  const send = () =>
    suspend.mutate({
      serverId: server.id,
      reason: reason.trim() === '' ? null : reason,
      until: until === '' ? null : new Date(until).toISOString(),
    })
  const errors = fieldErrorsOf(suspend.error)
  return (
    <Group>
      <Button
        color="grape"
        variant="light"
        leftSection={<IconPlayerPause size={16} />}
        onClick={ask.open}
      >
        Suspend
      </Button>
      <Modal opened={asking} onClose={ask.close} title={`Suspend ${server.name}?`}>
        <Stack>
          <Textarea
            label="Reason"
            description="The owner sees it."
            maxLength={500}
            autosize
            minRows={2}
            value={reason}
            error={errors.reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            type="datetime-local"
            label="Until"
            description="In your time; empty: until somebody lifts it."
            value={until}
            error={errors.until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <FormFailure error={suspend.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close}>
              Cancel
            </Button>
            <Button color="grape.9" loading={suspend.isPending} onClick={send}>
              Stop and suspend
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  )
}

function Lift({ server }: { server: ServerDetail }) {
  const lift = useAction(servers.unsuspend, {
    refreshes: [servers.get, servers.list],
    onDone: () => toastDone('Not suspended any more; start it when you like'),
  })
  return (
    <Group>
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={16} />}
        loading={lift.isPending}
        onClick={() =>
          lift.mutate(
            { serverId: server.id },
            { onError: (error) => toastFailure('Not lifted', error) },
          )
        }
      >
        Lift the suspension
      </Button>
      {server.suspendedAt === null ? null : <Age at={server.suspendedAt} prefix="Suspended " />}
    </Group>
  )
}
