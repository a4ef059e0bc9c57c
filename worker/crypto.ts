import { createHash, createHmac, scrypt, timingSafeEqual } from 'node:crypto'

/** Cost of a password hash. It is kept with each hash, so that it can be raised later. */
const cost = { N: 16_384, r: 8, p: 1 } as const
const keyBytes = 32

/** What a token is stored as. Tokens are 256 random bits, so a fast hash is enough. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Names a text; without the key it tells nothing of it. */
export function fingerprintOf(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** @param random 32 random bytes */
export function tokenFrom(random: Uint8Array): string {
  return Buffer.from(random).toString('base64url')
}

/** Compares two secrets in a time that tells nothing about either. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** @param salt 16 random bytes */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  const key = await derive(password, salt, cost)
  const text = [salt, key].map((bytes) => Buffer.from(bytes).toString('base64url')).join('$')
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${text}`
}

/** Verified in place of the hash of an account that does not exist, so that both take equally long. */
export const nobodysHash = `scrypt$${cost.N}$${cost.r}$${cost.p}$dGhlIHNhbHQgb2Ygbm9uZQ$${'A'.repeat(43)}`

/** Stands in place of a hash for who has no password; none verifies against it. */
export const noPassword = 'none'

export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (hash === noPassword) {
    // It takes as long as with one, so that the time does not tell who has none.
    await verifyPassword(password, nobodysHash)
    return false
  }
  const [scheme, N, r, p, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false
  const wanted = Buffer.from(key, 'base64url')
  const found = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  return timingSafeEqual(found, wanted)
}

function derive(
  password: string,
  salt: Uint8Array,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, { N, r, p }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
