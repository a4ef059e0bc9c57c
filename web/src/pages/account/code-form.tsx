import { Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { twoFactor } from '../../../../contract/api/two-factor.ts'
import { ApiError } from '../../api/client.ts'
import { useAction } from '../../api/queries.ts'
import { Form } from '../../ui/form.tsx'
import { FormFailure } from '../../ui/form-failure.tsx'
import { useWait, waitText } from '../../ui/wait.ts'
import { useSignedIn } from './use-signed-in.ts'

interface CodeFormProps {
  /** Of the sign-in that waits for the code. */
  readonly token: string
  /** The kinds of code that the account can show. */
  readonly kinds: readonly Kind[]
  readonly next: string
}

export type Kind = 'totp' | 'recovery_code'

const texts = {
  totp: {
    label: 'Code',
    description: 'The six digits that your authenticator app shows now.',
    other: 'Use a recovery code',
  },
  recovery_code: {
    label: 'Recovery code',
    description: 'One of those that you kept. It works once.',
    other: 'Use the authenticator app',
  },
} as const

/** Finishes a sign-in with a code of the app or, where that is lost, with a recovery code. */
export function CodeForm({ token, kinds, next }: CodeFormProps) {
  const [kind, setKind] = useState<Kind>(kinds[0] ?? 'totp')
  const step = useAction(twoFactor.secondStep, { refreshes: [], onDone: useSignedIn(next) })
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim().length < 6 ? 'Type the whole code.' : null) },
  })
  const wait = useWait(step.error) ?? 0
  const submit = form.onSubmit(({ code }) =>
    step.mutate(
      { token, code },
      { onError: (error) => form.setErrors(isWrongCode(error) ? { code: error.message } : {}) },
    ),
  )
  const change = () => {
    setKind(kind === 'totp' ? 'recovery_code' : 'totp')
    form.reset()
    step.reset()
  }
  const { label, description, other } = texts[kind]
  return (
    <Form errors={form.errors} attempt={step} onSubmit={submit}>
      <Stack>
        <TextInput
          key={kind}
          label={label}
          description={description}
          autoComplete="one-time-code"
          inputMode={kind === 'totp' ? 'numeric' : 'text'}
          autoFocus
          {...form.getInputProps('code')}
        />
        {isWrongCode(step.error) ? null : <FormFailure error={step.error} />}
        <Button type="submit" loading={step.isPending} disabled={wait > 0}>
          {wait > 0 ? waitText(wait) : 'Continue'}
        </Button>
        {kinds.length > 1 ? (
          <Button variant="subtle" size="compact-sm" onClick={change}>
            {other}
          </Button>
        ) : null}
      </Stack>
    </Form>
  )
}

function isWrongCode(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'wrong_code'
}
