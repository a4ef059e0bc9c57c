import { Button, Group, Modal, NativeSelect, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { users } from '../../../../../contract/api/accounts.ts'
import { useAction } from '../../../api/queries.ts'
import { AccountFields } from '../../../ui/account-fields.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'
import { problemsBy } from '../../../ui/form-problems.ts'
import { toastDone } from '../../../ui/toast.ts'
import { roles } from './roles.ts'

export function CreateUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an account">
      <CreateUserForm onClose={onClose} />
    </Modal>
  )
}

function CreateUserForm({ onClose }: { onClose: () => void }) {
  const form = useForm({
    initialValues: { name: '', email: '', password: '', role: 'user' },
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
    <Form errors={form.errors} attempt={create} onSubmit={submit}>
      <Stack>
        <AccountFields own={false} propsOf={(name) => form.getInputProps(name)} />
        <NativeSelect label="Role" data={roles} {...form.getInputProps('role')} />
        <FormFailure error={create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}
