import { PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { DialogForm } from '../../../ui/dialog-form.tsx'
import { type Factors, hasFactor, type Proof, refusedFields } from './factors.ts'

export interface AskOwnerProps {
  readonly factors: Factors
  readonly action: string
  readonly color?: string
  readonly attempt: { readonly error: unknown; readonly isPending: boolean; reset(): void }
  readonly onGiven: (proof: Proof, refuse: { onError: (error: unknown) => void }) => void
  readonly onClose: () => void
  /** What it is asked for, and what else is. */
  readonly children: ReactNode
}

/**
 * Asks once more whose account it is: for the password or, of an account that signs in with a provider
 * alone, for a code.
 */
export function AskOwner(props: AskOwnerProps) {
  const { factors, action, color, attempt, onGiven, onClose, children } = props
  const asked = askedOf(factors)
  const form = useForm({
    initialValues: { currentPassword: '', code: '' },
    validate: {
      currentPassword: (value) =>
        asked === 'password' && value === '' ? 'Type your password.' : null,
      code: (value) =>
        asked === 'code' && value.trim().length < 6 ? 'Type the whole code.' : null,
    },
  })
  const submit = form.onSubmit(({ currentPassword, code }) =>
    onGiven(asked === 'password' ? { currentPassword } : asked === 'code' ? { code } : {}, {
      onError: (error) => form.setErrors(refusedFields(error)),
    }),
  )
  const isAtField = Object.keys(refusedFields(attempt.error)).length > 0
  return (
    <DialogForm
      errors={form.errors}
      attempt={attempt}
      failure={isAtField ? null : attempt.error}
      action={action}
      {...(color ? { color } : {})}
      onSubmit={submit}
      onClose={onClose}
    >
      {children}
      {asked === 'password' ? (
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('currentPassword')}
        />
      ) : null}
      {asked === 'code' ? (
        <TextInput
          label="Code"
          description="The one that your app shows now, or a recovery code."
          autoComplete="one-time-code"
          data-autofocus
          {...form.getInputProps('code')}
        />
      ) : null}
    </DialogForm>
  )
}

function askedOf(factors: Factors): 'password' | 'code' | 'nothing' {
  if (factors.hasPassword) return 'password'
  return hasFactor(factors) ? 'code' : 'nothing'
}
