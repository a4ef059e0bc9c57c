import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

/** Where a sealed text stands. It opens there alone: moved to another row it is worth nothing. */
export interface SecretPlace {
  readonly table: string
  readonly column: string
  readonly row: string
}

/** @returns as many random bytes as asked for */
type Random = { bytes(count: number): Uint8Array }

/** Keeps secrets in the database that the database alone cannot give away. */
export interface SecretBox {
  seal(place: SecretPlace, text: string): string
  /** @throws when the text was sealed elsewhere, changed, or with a key that is not in the ring */
  open(place: SecretPlace, sealed: string): string
}

/** Keys by name, 32 bytes each. The first one seals, every one opens: that is how keys are changed. */
export type KeyRing = readonly (readonly [name: string, key: Uint8Array])[]

const version = 'v1'
const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM with a key of its own for each purpose, derived from the ring's (RFC 5869). */
export function createSecretBox(ring: KeyRing, rng: Random): SecretBox {
  const keys = new Map(ring)
  const keyOf = (name: string, { table, column }: SecretPlace) => {
    const key = keys.get(name)
    if (key === undefined) throw new Error(`no key ${name} to open ${table}.${column} with`)
    return new Uint8Array(hkdfSync('sha256', key, '', `catalyst:${table}.${column}`, 32))
  }
  return {
    seal: (place, text) => {
      const [first] = ring
      if (first === undefined) throw new Error('there is no key to seal with')
      const [name] = first
      const nonce = rng.bytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyOf(name, place), nonce)
      cipher.setAAD(placeBytes(place, name))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return [
        version,
        name,
        toText(nonce),
        toText(Buffer.concat([sealed, cipher.getAuthTag()])),
      ].join('.')
    },
    open: (place, text) => {
      const [found, name, nonce, body] = text.split('.')
      if (found !== version || name === undefined || nonce === undefined || body === undefined) {
        throw new Error(`what stands in ${place.table}.${place.column} was not sealed`)
      }
      const bytes = Buffer.from(body, 'base64url')
      // Base64 can be written in more than one way; one of them is ours.
      if (toText(bytes) !== body) throw new Error('a sealed text was changed')
      const decipher = createDecipheriv(
        'aes-256-gcm',
        keyOf(name, place),
        Buffer.from(nonce, 'base64url'),
        { authTagLength: tagBytes },
      )
      decipher.setAAD(placeBytes(place, name))
      decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
      const opened = decipher.update(bytes.subarray(0, bytes.length - tagBytes))
      return Buffer.concat([opened, decipher.final()]).toString('utf8')
    },
  }
}

/**
 * Reads `{"name": "32 bytes as base64url", …}`.
 * @throws with what is wrong; never with a key
 */
export function readKeyRing(text: string): KeyRing {
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null) throw new Error('a key ring is an object')
  const ring = Object.entries(parsed).map(([name, key]) => {
    const bytes = typeof key === 'string' ? Buffer.from(key, 'base64url') : new Uint8Array()
    // A name that is a number would not stay where it was written: objects sort those.
    if (!/^[a-z][\w-]{0,31}$/i.test(name) || bytes.length !== 32) {
      throw new Error('a key has a short name that begins with a letter, and 32 bytes in base64url')
    }
    return [name, new Uint8Array(bytes)] as const
  })
  if (ring.length === 0) throw new Error('a key ring holds at least one key')
  return ring
}

/** As JSON, so that no two places read the same. */
function placeBytes({ table, column, row }: SecretPlace, keyName: string): Uint8Array {
  return Buffer.from(JSON.stringify([table, column, row, keyName]), 'utf8')
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
