import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { type Passkey, passkeys, twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'
import { Form } from '../../../ui/form.tsx'
import { FormFailure } from '../../../ui/form-failure.tsx'

export function RenamePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const form = useForm({
    initialValues: { name: passkey.name },
    validate: schemaResolver(passkeys.rename.body, { sync: true }),
  })
  const rename = useAction(passkeys.rename, { refreshes: [twoFactor.state], onDone: onClose })
  const submit = form.onSubmit(({ name }) =>
    rename.mutate(
      { passkeyId: passkey.id, name },
      { onError: (error) => form.setErrors(fieldErrorsOf(error)) },
    ),
  )
  return (
    <Modal opened onClose={onClose} title="Rename the passkey">
      <Form errors={form.errors} attempt={rename} onSubmit={submit}>
        <Stack>
          <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
          <FormFailure error={rename.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={rename.isPending}>
              Rename
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  )
}
