import { Modal, Text } from '@mantine/core'
import { auth } from '../../../../../contract/api/accounts.ts'
import { type Passkey, passkeys, twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { toastDone } from '../../../ui/toast.ts'
import { AskOwner } from './ask-owner.tsx'
import type { Factors } from './factors.ts'

interface RemovePasskeyProps {
  readonly passkey: Passkey
  readonly factors: Factors
  readonly onClose: () => void
  readonly onDone: () => void
}

export function RemovePasskey({ passkey, factors, onClose, onDone }: RemovePasskeyProps) {
  const remove = useAction(passkeys.remove, {
    refreshes: [twoFactor.state, auth.sessions],
    onDone: () => {
      toastDone('Removed; your other sessions have ended')
      onClose()
      onDone()
    },
  })
  const isLast = !factors.totp && factors.passkeys.length === 1
  return (
    <Modal opened onClose={onClose} title="Remove the passkey">
      <AskOwner
        factors={factors}
        action="Remove the passkey"
        color="red.9"
        attempt={remove}
        onGiven={(proof, refuse) => remove.mutate({ passkeyId: passkey.id, ...proof }, refuse)}
      >
        <Text>
          {passkey.name} opens your account no more.{' '}
          {isLast ? 'Your password alone signs you in then, and your recovery codes go too. ' : ''}
          You are signed out everywhere else.
        </Text>
      </AskOwner>
    </Modal>
  )
}
