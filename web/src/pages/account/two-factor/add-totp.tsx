import { Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { twoFactor } from '../../../../../contract/api/two-factor.ts'
import { useAction } from '../../../api/queries.ts'
import { AskOwner } from './ask-owner.tsx'
import { ConfirmTotp } from './confirm-totp.tsx'
import type { Factors } from './factors.ts'
import { NewCodesDialog } from './new-codes-dialog.tsx'

interface AddTotpProps {
  readonly factors: Factors
  readonly onCancel: () => void
  readonly onDone: () => void
}

/** Whose account it is, then the secret for the app, then the recovery codes, which have to be kept. */
export function AddTotp({ factors, onCancel, onDone }: AddTotpProps) {
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const begin = useAction(twoFactor.beginTotp, { refreshes: [] })
  if (codes !== null) return <NewCodesDialog codes={codes} onKept={onDone} />
  return (
    <Modal opened onClose={onCancel} title="Set up an authenticator app">
      {begin.data === undefined ? (
        <AskOwner
          factors={factors}
          action="Continue"
          attempt={begin}
          onGiven={begin.mutate}
          onClose={onCancel}
        >
          <Text>
            {factors.totp
              ? 'The app that you use now keeps working until the new one is confirmed. '
              : ''}
            You will be signed out everywhere else.
          </Text>
        </AskOwner>
      ) : (
        <ConfirmTotp made={begin.data} onConfirmed={setCodes} onClose={onCancel} />
      )}
    </Modal>
  )
}
