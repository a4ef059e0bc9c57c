import { AppError } from '../../../contract/errors.ts'
import { hashToken } from '../../crypto.ts'
import type { RequestFacts } from '../context.ts'

/** Who asks for a passkey, in WebAuthn's words: the panel at the address where it is open. */
export interface RelyingParty {
  readonly id: string
  readonly name: string
  readonly origin: string
}

export function relyingParty({ origin }: Pick<RequestFacts, 'origin'>): RelyingParty {
  return { id: new URL(origin).hostname, name: 'Catalyst', origin }
}

/**
 * The challenge that a browser's answer is to. It is a one-time token of ours, so it is known to be ours and
 * to be new before anything else of the answer is looked at.
 * @throws `passkey_refused`
 */
export function challengeIn(clientDataJSON: string): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))
    if (typeof data === 'object' && data !== null && 'challenge' in data) {
      const { challenge } = data
      if (typeof challenge === 'string') return challenge
    }
  } catch {
    // Not JSON: refused below like any other answer without a challenge.
  }
  throw new AppError('passkey_refused')
}

/** An account's name towards authenticators (WebAuthn, user handle): not its id, and no personal data. */
export function userHandle(userId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hashToken(`passkey ${userId}`), 'base64url'))
}
