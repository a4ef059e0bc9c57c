import {
  Button,
  Checkbox,
  Divider,
  Group,
  Modal,
  PasswordInput,
  Stack,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { type User, users } from '../../../../../contract/api/accounts.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { HoldButton } from '../../../ui/hold-button.tsx'
import { toastDone } from '../../../ui/toast.ts'
import { ResetTwoFactor } from './reset-two-factor.tsx'
import { RoleChecks } from './role-checks.tsx'
import { UserLinks } from './user-links.tsx'

export function EditUser({ user, onClose }: { user: User; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`Account of ${user.name}`}>
      <Stack>
        <EditForm user={user} onClose={onClose} />
        <Divider />
        <RolesForm user={user} onClose={onClose} />
        <Divider />
        <UserLinks user={user} />
        <ResetTwoFactor user={user} onClose={onClose} />
        <DeleteUser user={user} onClose={onClose} />
      </Stack>
    </Modal>
  )
}

const body = users.update.body.required()

function EditForm({ user, onClose }: { user: User; onClose: () => void }) {
  const { name, email } = user
  const isOwn = useMe().id === user.id
  const form = useForm({
    initialValues: { name, email, disabled: user.disabledAt !== null, password: '' },
    validate: ({ password, ...values }) => ({
      ...problemsBy(body.omit({ password: true }), values),
      ...(password === '' ? {} : problemsBy(body.pick({ password: true }), { password })),
    }),
  })
  const update = useAction(users.update, {
    refreshes: [users.list],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  })
  const submit = form.onSubmit(({ password, ...values }) =>
    update.mutate(
      { userId: user.id, ...values, ...(password === '' ? {} : { password }) },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <DialogForm
      errors={form.errors}
      attempt={update}
      action="Save"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" {...form.getInputProps('name')} />
      <TextInput label="E-mail" type="email" {...form.getInputProps('email')} />
      <PasswordInput
        label="New password"
        description={
          isOwn
            ? 'Change your own on your account page.'
            : 'Leave empty to keep it. A new one ends every session of the account.'
        }
        disabled={isOwn}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <Checkbox
        label="Disabled"
        description="The account cannot sign in, and its sessions end."
        {...form.getInputProps('disabled', { type: 'checkbox' })}
      />
    </DialogForm>
  )
}

function RolesForm({ user, onClose }: { user: User; onClose: () => void }) {
  const me = useMe()
  const [roleIds, choose] = useState<readonly string[]>(user.roles.map(({ id }) => id))
  const set = useAction(users.setRoles, {
    refreshes: [users.list],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  })
  if (!may(me, 'user.set_roles')) return null
  const save = () =>
    set.mutate(
      users.setRoles.params.extend(users.setRoles.body.shape).parse({ userId: user.id, roleIds }),
    )
  return (
    <Stack>
      <RoleChecks value={roleIds} onChange={choose} />
      <FormFailure error={set.error} />
      <Group justify="flex-end">
        <Button variant="default" loading={set.isPending} onClick={save}>
          Save the roles
        </Button>
      </Group>
    </Stack>
  )
}

function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const me = useMe()
  const remove = useAction(users.delete, {
    refreshes: [users.list],
    onDone: () => {
      toastDone(`${user.name} is gone`)
      onClose()
    },
  })
  if (!may(me, 'user.delete')) return null
  return (
    <Group>
      <HoldButton
        label="Delete the account"
        color="red"
        variant="light"
        size="sm"
        consequence="What it did stays in the audit log. An account that owns servers is kept."
        possible={user.id === me.id ? 'This is you.' : true}
        onHeld={() => remove.mutate({ userId: user.id })}
      />
      <FormFailure error={remove.error} />
    </Group>
  )
}
