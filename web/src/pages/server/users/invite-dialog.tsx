import { Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ServerDetail } from '../../../../../contract/api/servers.ts'
import { subUsers } from '../../../../../contract/api/sub-users.ts'
import { subUserRights } from '../../../../../contract/rules/sub-users.ts'
import { useAction } from '../../../api/queries.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { MadeLinkStep } from '../../../ui/made-link.tsx'
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
        <MadeLinkStep link={invite.data} to={invite.data.invite.email} onClose={onClose} />
      )}
    </Modal>
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
    <DialogForm
      errors={form.errors}
      attempt={invite}
      action="Invite"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="E-mail"
        type="email"
        description="They accept with the account of this address, or create one first."
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
    </DialogForm>
  )
}
