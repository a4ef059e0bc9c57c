import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { passkeysPossible, signInByPasskey } from '../../api/passkeys.ts'
import { FormFailure } from '../../ui/form-failure.tsx'
import { useSignedIn } from './use-signed-in.ts'

interface PasskeySignInProps {
  readonly next: string
  readonly rememberMe: boolean
}

/** Signs in without e-mail and password; nothing where the browser has no passkeys for this page. */
export function PasskeySignIn({ next, rememberMe }: PasskeySignInProps) {
  const signIn = useMutation({
    mutationFn: () => signInByPasskey(rememberMe),
    onSuccess: useSignedIn(next),
  })
  if (passkeysPossible() !== true) return null
  return (
    <>
      <FormFailure error={signIn.error} />
      <Button
        variant="default"
        leftSection={<IconFingerprint size={18} aria-hidden />}
        loading={signIn.isPending}
        onClick={() => signIn.mutate()}
      >
        Sign in with a passkey
      </Button>
    </>
  )
}
