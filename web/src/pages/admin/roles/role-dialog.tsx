import { Checkbox, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type Role, roles } from '../../../../../contract/api/roles.ts'
import { allPermissions, type Permission } from '../../../../../contract/permissions.ts'
import { useAction } from '../../../api/queries.ts'
import { useMe } from '../../../frame/session.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { problemsBy } from '../../../ui/form-problems.ts'
import { PermissionChecks } from '../../../ui/permission-checks.tsx'
import { toastDone } from '../../../ui/toast.ts'

interface RoleDialogProps {
  readonly edited: Role | 'new'
  readonly onClose: () => void
}

export function RoleDialog({ edited, onClose }: RoleDialogProps) {
  const title = edited === 'new' ? 'Add a role' : `Role ${edited.name}`
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <RoleForm saved={edited === 'new' ? null : edited} onClose={onClose} />
    </Modal>
  )
}

const fresh = { name: '', description: '', requiresTwoFactor: false }

function RoleForm({ saved, onClose }: { saved: Role | null; onClose: () => void }) {
  const me = useMe()
  const { name, description, requiresTwoFactor } = saved ?? fresh
  const form = useForm({
    initialValues: {
      name,
      description,
      requiresTwoFactor,
      permissions: [...(saved?.permissions ?? [])] as Permission[], // an empty list has no type of its own
    },
    validate: (values) => problemsBy(roles.create.body, values),
  })
  const options = {
    refreshes: [roles.list],
    onDone: () => {
      toastDone('Saved')
      onClose()
    },
  }
  const create = useAction(roles.create, options)
  const update = useAction(roles.update, options)
  const refuse = { onError: (error: unknown) => form.setErrors(fieldErrorsOf(error)) }
  const isBuiltin = saved !== null && saved.builtin !== null
  const submit = form.onSubmit((values) => {
    const { requiresTwoFactor } = values
    if (saved === null) create.mutate(values, refuse)
    else
      update.mutate({ roleId: saved.id, ...(isBuiltin ? { requiresTwoFactor } : values) }, refuse)
  })
  return (
    <DialogForm
      errors={form.errors}
      attempt={saved === null ? create : update}
      action="Save"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        disabled={isBuiltin}
        description={isBuiltin ? 'Every panel has this role as it is.' : undefined}
        {...form.getInputProps('name')}
      />
      <TextInput label="Description" disabled={isBuiltin} {...form.getInputProps('description')} />
      <Checkbox
        label="Asks for a second factor"
        description="Whoever has the role sets one up before anything else."
        {...form.getInputProps('requiresTwoFactor', { type: 'checkbox' })}
      />
      <PermissionChecks
        label="May"
        of={allPermissions}
        value={form.values.permissions}
        onChange={(chosen) => form.setFieldValue('permissions', chosen)}
        disabled={isBuiltin}
        refusal={(permission) =>
          me.permissions.includes(permission) ? null : 'You do not have it yourself.'
        }
        error={form.errors.permissions}
      />
    </DialogForm>
  )
}
