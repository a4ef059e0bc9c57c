import { Modal, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { auth } from '../../../../../contract/api/accounts.ts'
import { PasskeyName, twoFactor } from '../../../../../contract/api/two-factor.ts'
import { addPasskey } from '../../../api/passkeys.ts'
import { refresh } from '../../../api/queries.ts'
import { toastDone } from '../../../ui/toast.ts'
import { AskOwner } from './ask-owner.tsx'
import type { Factors, Proof } from './factors.ts'
import { NewCodesDialog } from './new-codes-dialog.tsx'

interface AddPasskeyProps {
  readonly factors: Factors
  readonly onCancel: () => void
  readonly onDone: () => void
}

/** What it is called when the reader does not say. */
const unnamed = 'Passkey'

/** Asks for a name and whose account it is; the rest is between the reader and the browser. */
export function AddPasskey({ factors, onCancel, onDone }: AddPasskeyProps) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const add = useMutation({
    mutationFn: (proof: Proof) => addPasskey(proof, nameOf(name)),
    onSuccess: ({ recoveryCodes }) => {
      void refresh(client, twoFactor.state, auth.sessions)
      toastDone('Added; your other sessions have ended')
      if (recoveryCodes === null) onDone()
    },
  })
  const codes = add.data?.recoveryCodes ?? null
  if (codes !== null) return <NewCodesDialog codes={codes} onKept={onDone} />
  return (
    <Modal opened onClose={onCancel} title="Add a passkey">
      <AskOwner
        factors={factors}
        action="Continue"
        attempt={add}
        onGiven={add.mutate}
        onClose={onCancel}
      >
        <TextInput
          label="Name"
          description="What you call the device or key, so that you know it again."
          placeholder={unnamed}
          maxLength={100}
          autoComplete="off"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Text size="sm">
          Your browser then asks where to keep it. You will be signed out everywhere else.
        </Text>
      </AskOwner>
    </Modal>
  )
}

function nameOf(typed: string): string {
  const name = PasskeyName.safeParse(typed)
  return name.success ? name.data : unnamed
}
