import { createHash } from 'node:crypto'
import { type Deps, newToken } from '../context.ts'

/** What every key begins with, so that scanners of code and logs know one when they meet it. */
export const keyPrefix = 'cat_'
/** 256 random bits and 6 characters that are made of them, base64url both. */
const form = /^cat_([\w-]{43})([\w-]{6})$/
/** How much of a key is kept to know it again by: 208 bits stay secret. */
const shownCharacters = keyPrefix.length + 8

/** A new key. It is told to its holder this once; the panel keeps its hash and its start. */
export function newApiKey(deps: Pick<Deps, 'rng'>): string {
  const secret = newToken(deps)
  return `${keyPrefix}${secret}${checksumOf(secret)}`
}

export function startOf(key: string): string {
  return key.slice(0, shownCharacters)
}

/** Whether a text is written like a key. A session's token never is: it is shorter. */
export function looksLikeApiKey(text: string): boolean {
  return form.test(text)
}

/** Whether it may be a key at all: a typing error or an invented key is found out without a look. */
export function isWholeApiKey(text: string): boolean {
  const [, secret, checksum] = form.exec(text) ?? []
  return secret !== undefined && checksumOf(secret) === checksum
}

/** The first 36 bits of the SHA-256 of the secret's text. Anybody can make it; it proves nothing. */
function checksumOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url').slice(0, 6)
}
