import { Modal, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { type Passkey, passkeys, twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'

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
      <DialogForm
        errors={form.errors}
        attempt={rename}
        action="Rename"
        onSubmit={submit}
        onClose={onClose}
      >
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
      </DialogForm>
    </Modal>
  )
}
