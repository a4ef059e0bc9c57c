import { Secret, TOTP } from 'otpauth'

const periodSeconds = 30
const secretBytes = 20

/** A new secret for an authenticator app, in Base32. */
export function newTotpSecret(random: (count: number) => Uint8Array): string {
  const bytes = Uint8Array.from(random(secretBytes))
  return new Secret({ buffer: bytes.buffer }).base32
}

/** What an authenticator app reads from a QR code. */
export function totpUri(secret: string, account: string): string {
  return totpOf(secret, account).toString()
}

/**
 * The time step (RFC 6238, T) that a code is of, so that none is taken twice; null for a wrong code. A
 * clock may be half a minute off.
 * @param now milliseconds since 1970
 */
export function stepOf(secret: string, code: string, now: number): number | null {
  const off = totpOf(secret, '').validate({ token: code, timestamp: now, window: 1 })
  return off === null ? null : Math.floor(now / 1000 / periodSeconds) + off
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Catalyst',
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1', // what every app can do
    digits: 6,
    period: periodSeconds,
  })
}
