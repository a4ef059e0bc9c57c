import { Button, Divider, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { passkeysPossible } from '../../api/passkeys.ts'
import { CodeForm, type Kind } from './code-form.tsx'
import { PasskeySignIn } from './passkey-sign-in.tsx'
import type { SecondFactorNeeded } from './second-factor.ts'

interface SecondStepProps {
  readonly needed: SecondFactorNeeded
  readonly rememberMe?: boolean
  /** Where to go when it has succeeded. */
  readonly next: string
  /** Back to the first step. */
  readonly onAnew: () => void
}

const codeKinds: readonly Kind[] = ['totp', 'recovery_code']

/**
 * The second half of every sign-in: a code, or a passkey, which is both halves in one. Recovery codes are for
 * whoever has lost the rest, so they wait until they are asked for.
 */
export function SecondStep({ needed, rememberMe = false, next, onAnew }: SecondStepProps) {
  const { token, methods } = needed
  const [lost, lose] = useDisclosure(!methods.some((method) => method !== 'recovery_code'))
  const kinds = codeKinds.filter((kind) => methods.includes(kind))
  const takesPasskey = methods.includes('passkey')
  const showsCode = methods.includes('totp') || lost
  const possible = passkeysPossible()
  return (
    <Stack>
      {showsCode ? <CodeForm token={token} kinds={kinds} next={next} /> : null}
      {showsCode && takesPasskey && possible === true ? <Divider label="or" /> : null}
      {takesPasskey && !showsCode ? <Text>Your account also asks for a passkey.</Text> : null}
      {takesPasskey && !showsCode && possible !== true ? <Text size="sm">{possible}</Text> : null}
      {takesPasskey ? <PasskeySignIn next={next} rememberMe={rememberMe} /> : null}
      {!showsCode && kinds.length > 0 ? (
        <Button variant="subtle" size="compact-sm" onClick={lose.open}>
          Use a recovery code
        </Button>
      ) : null}
      <Button variant="subtle" color="gray" onClick={onAnew}>
        Start over
      </Button>
    </Stack>
  )
}
