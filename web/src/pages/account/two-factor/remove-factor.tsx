import { Modal, Text } from '@mantine/core'
import { auth } from '../../../../../contract/api/accounts.ts'
import { type Passkey, passkeys, twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { toastDone } from '../../../ui/toast.ts'
import { AskOwner, type AskOwnerProps } from './ask-owner.tsx'
import type { Factors } from './factors.ts'

interface RemovalProps {
  readonly factors: Factors
  readonly onClose: () => void
  readonly onDone: () => void
}

export function RemoveTotp({ factors, onClose, onDone }: RemovalProps) {
  const remove = useAction(twoFactor.removeTotp, optionsOf(onClose, onDone))
  return (
    <RemovalDialog
      factors={factors}
      what="the authenticator app"
      attempt={remove}
      onGiven={remove.mutate}
      onClose={onClose}
    >
      Signing in will no longer ask for its codes.
    </RemovalDialog>
  )
}

export function RemovePasskey(props: RemovalProps & { readonly passkey: Passkey }) {
  const { passkey, factors, onClose, onDone } = props
  const remove = useAction(passkeys.remove, optionsOf(onClose, onDone))
  return (
    <RemovalDialog
      factors={factors}
      what="the passkey"
      attempt={remove}
      onGiven={(proof, refuse) => remove.mutate({ passkeyId: passkey.id, ...proof }, refuse)}
      onClose={onClose}
    >
      {passkey.name} will no longer sign you in.
    </RemovalDialog>
  )
}

function optionsOf(onClose: () => void, onDone: () => void) {
  return {
    refreshes: [twoFactor.state, auth.sessions],
    onDone: () => {
      toastDone('Removed; your other sessions have ended')
      onClose()
      onDone()
    },
  }
}

interface RemovalDialogProps
  extends Pick<AskOwnerProps, 'factors' | 'attempt' | 'onGiven' | 'onClose' | 'children'> {
  readonly what: string
}

function RemovalDialog({ what, children, ...asked }: RemovalDialogProps) {
  const { totp, passkeys } = asked.factors
  const isLast = passkeys.length + (totp ? 1 : 0) === 1
  return (
    <Modal opened onClose={asked.onClose} title={`Remove ${what}`}>
      <AskOwner {...asked} action={`Remove ${what}`} color="red.9">
        <Text>
          {children}{' '}
          {isLast
            ? 'After that your password alone signs you in, and your recovery codes are deleted. '
            : ''}
          You will be signed out everywhere else.
        </Text>
      </AskOwner>
    </Modal>
  )
}
