import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { type MadeInvite, subUsers } from '../../../../../contract/api/sub-users.ts'
import { subUserRights } from '../../../../../contract/rules/sub-users.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { MadeLink } from './made-link.tsx'
import { RightsFields } from './rights-fields.tsx'

interface InviteDialogProps {
  readonly server: ServerDetail
  readonly onClose: () => void
}

export function InviteDialog({ server, onClose }: InviteDialogProps) {
  const invite = useAction(subUsers.invite, { refreshes: [subUsers.list] })
  return (
    <Modal opened onClose={onClose} title={`Invite to ${server.name}`} size="lg">
      {invite.data === undefined ? (
        <InviteForm server={server} invite={invite} onClose={onClose} />
      ) : (
        <Done made={invite.data} onClose={onClose} />
      )}
    </Modal>
  )
}

function Done({ made, onClose }: { made: MadeInvite; onClose: () => void }) {
  return (
    <Stack>
      <MadeLink made={made} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}

interface InviteFormProps extends InviteDialogProps {
  readonly invite: ReturnType<typeof useAction<typeof subUsers.invite>>
}

function InviteForm({ server, invite, onClose }: InviteFormProps) {
  const held = server.permissions
  const form = useForm({
    initialValues: {
      email: '',
      permissions: [...subUserRights({ preset: 'read_only' })].filter((name) =>
        held.includes(name),
      ),
    },
    validate: (values) => problemsBy(subUsers.invite.body, values),
  })
  const submit = form.onSubmit((values) =>
    invite.mutate(
      { serverId: server.id, ...values },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Form errors={form.errors} attempt={invite} onSubmit={submit}>
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          description="Whoever has an account with it accepts; others make one first."
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <RightsFields
          value={form.values.permissions}
          onChange={(chosen) => form.setFieldValue('permissions', chosen)}
          held={held}
          error={form.errors.permissions}
        />
        <FormFailure error={invite.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Invite
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}
