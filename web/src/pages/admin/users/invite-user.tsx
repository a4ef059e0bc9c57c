import { Checkbox, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { accountLinks } from '../../../../../contract/api/account-links.ts'
import { users } from '../../../../../contract/api/accounts.ts'
import { builtinRoles } from '../../../../../contract/permissions.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { MadeLinkStep } from '../../../ui/made-link.tsx'
import { RoleChecks } from './role-checks.tsx'

export function InviteUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody">
      <InviteForm onClose={onClose} />
    </Modal>
  )
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const form = useForm({
    initialValues: {
      name: '',
      email: '',
      roleIds: [builtinRoles.user.id] as string[],
      byMail: true,
    },
    validate: (values) => problemsBy(accountLinks.invite.body, values),
  })
  const invite = useAction(accountLinks.invite, { refreshes: [users.list] })
  const submit = form.onSubmit((values) =>
    invite.mutate(accountLinks.invite.body.parse(values), {
      onError: (error) => form.setErrors(fieldErrorsOf(error)),
    }),
  )
  const made = invite.data
  if (made !== undefined) {
    return <MadeLinkStep link={made} to={made.user.email} onClose={onClose} />
  }
  return (
    <DialogForm
      errors={form.errors}
      attempt={invite}
      action="Invite"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label="E-mail"
        description="They sign in with it, and choose their password by the link."
        type="email"
        autoComplete="off"
        {...form.getInputProps('email')}
      />
      {may(me, 'user.set_roles') ? (
        <RoleChecks
          value={form.values.roleIds}
          onChange={(ids) => form.setFieldValue('roleIds', ids)}
          error={form.errors.roleIds}
        />
      ) : null}
      <Checkbox
        label="Send it by mail"
        description="Where no mail is set up, you get the link to pass on."
        {...form.getInputProps('byMail', { type: 'checkbox' })}
      />
    </DialogForm>
  )
}
