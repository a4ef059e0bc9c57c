import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { passkeys } from '../../../contract/api/two-factor.ts'
import type { CallInput, Output } from '../../../contract/endpoint.ts'
import { ApiError, call } from './client.ts'

/** `true`, or the reason why browsers give this page no passkeys. */
export function passkeysPossible(): true | string {
  if (!window.isSecureContext) return 'Passkeys need HTTPS: the browser refuses them on this page.'
  if (isAddress(window.location.hostname)) {
    return 'Passkeys need a name: the browser refuses them where the panel is opened by its IP address.'
  }
  if (typeof window.PublicKeyCredential !== 'function') return 'This browser knows no passkeys.'
  return true
}

/**
 * Has the browser make a passkey, and adds it to the reader's account.
 * @throws ApiError
 */
export async function addPasskey(
  given: CallInput<typeof passkeys.begin>,
  name: string,
): Promise<Output<typeof passkeys.add>> {
  const optionsJSON = asWebAuthn<PublicKeyCredentialCreationOptionsJSON>(
    await call(passkeys.begin, given),
  )
  const { startRegistration } = await import('@simplewebauthn/browser')
  const answer = await startRegistration({ optionsJSON }).catch(refused)
  return call(passkeys.add, { name, answer: { ...answer, ...extensionsOf(answer) } })
}

/**
 * Has the reader choose a passkey in the browser, and signs in with it.
 * @throws ApiError
 */
export async function signInByPasskey(
  rememberMe: boolean,
): Promise<Output<typeof passkeys.signIn>> {
  const optionsJSON = asWebAuthn<PublicKeyCredentialRequestOptionsJSON>(
    await call(passkeys.beginSignIn, {}),
  )
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const answer = await startAuthentication({ optionsJSON }).catch(refused)
  const signed = { ...answer, ...extensionsOf(answer) }
  return call(passkeys.signIn, { answer: signed, rememberMe })
}

/** The contract does not repeat WebAuthn's own words: these options are made for the browser alone. */
function asWebAuthn<Options>(options: object): Options {
  return options as Options
}

/** As a plain record: the contract takes whatever extensions there are. */
function extensionsOf({ clientExtensionResults }: { readonly clientExtensionResults: object }) {
  return { clientExtensionResults: Object.fromEntries(Object.entries(clientExtensionResults)) }
}

const sentences: Readonly<Record<string, string>> = {
  NotAllowedError: 'Nothing was chosen, or it took too long. Try again.',
  InvalidStateError: 'This device has a passkey of your account already.',
  SecurityError: 'The browser allows no passkeys at this address.',
}

function refused(error: unknown): never {
  const known = error instanceof Error ? sentences[error.name] : undefined
  throw new ApiError('passkey_refused', known ?? 'The browser could not use a passkey here.')
}

function isAddress(hostname: string): boolean {
  return /^[\d.]+$|^\[/.test(hostname)
}
