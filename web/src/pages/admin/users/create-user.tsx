import { Modal } from '@mantine/core'
import { useForm } from '@mantine/form'
import { users } from '../../../../../contract/api/accounts.ts'
import { builtinRoles } from '../../../../../contract/permissions.ts'
import { useAction } from '../../../api/queries.ts'
import { may } from '../../../api/rights.ts'
import { useMe } from '../../../frame/session.tsx'
import { AccountFields } from '../../../ui/account-fields.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { RoleChecks } from './role-checks.tsx'

export function CreateUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an account">
      <CreateUserForm onClose={onClose} />
    </Modal>
  )
}

function CreateUserForm({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const form = useForm({
    initialValues: {
      name: '',
      email: '',
      password: '',
      roleIds: [builtinRoles.user.id] as string[],
    },
    validate: (values) => problemsBy(users.create.body, values),
  })
  const create = useAction(users.create, {
    refreshes: [users.list],
    onDone: ({ name }) => {
      toastDone(`${name} can sign in now`)
      onClose()
    },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(users.create.body.parse(values), {
      onError: (error) => form.setErrors(fieldErrorsOf(error)),
    }),
  )
  return (
    <DialogForm
      errors={form.errors}
      attempt={create}
      action="Create"
      onSubmit={submit}
      onClose={onClose}
    >
      <AccountFields own={false} propsOf={(name) => form.getInputProps(name)} />
      {may(me, 'user.set_roles') ? (
        <RoleChecks
          value={form.values.roleIds}
          onChange={(ids) => form.setFieldValue('roleIds', ids)}
          error={form.errors.roleIds}
        />
      ) : null}
    </DialogForm>
  )
}
