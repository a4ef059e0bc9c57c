import { Code, Group, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { auth } from '../../../../../contract/api/accounts.ts'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import type { Output } from '../../../../../contract/endpoint.ts'
import { useAction } from '../../../api/queries.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { QrCode } from '../../../ui/qr-code.tsx'
import { refusedFields } from './factors.ts'

interface ConfirmTotpProps {
  readonly made: Output<typeof twoFactor.beginTotp>
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void
  readonly onClose: () => void
}

/** The secret, as a picture and as text, and a first code as proof that the app has it. */
export function ConfirmTotp({ made, onConfirmed, onClose }: ConfirmTotpProps) {
  const { secret, uri } = made
  const confirm = useAction(twoFactor.confirmTotp, {
    refreshes: [twoFactor.state, auth.sessions],
    onDone: ({ recoveryCodes }) => onConfirmed(recoveryCodes),
  })
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim().length < 6 ? 'Type all six digits.' : null) },
  })
  const submit = form.onSubmit(({ code }) =>
    confirm.mutate({ code }, { onError: (error) => form.setErrors(refusedFields(error)) }),
  )
  const isAtField = Object.keys(refusedFields(confirm.error)).length > 0
  return (
    <DialogForm
      errors={form.errors}
      attempt={confirm}
      failure={isAtField ? null : confirm.error}
      action="Confirm"
      onSubmit={submit}
      onClose={onClose}
    >
      <Text>Scan this with your authenticator app, or type the secret into it.</Text>
      <Group justify="center">
        <QrCode text={uri} label="QR code with the secret for the app" />
      </Group>
      <Group gap={4} wrap="nowrap">
        <Code style={{ overflowWrap: 'anywhere' }}>{secret}</Code>
        <CopyButton text={secret} what="secret" />
      </Group>
      <TextInput
        label="Code"
        description="The six digits that the app shows now."
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        {...form.getInputProps('code')}
      />
    </DialogForm>
  )
}
