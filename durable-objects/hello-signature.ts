import { type Hello, helloText } from '../contract/protocol/frames.ts'

/** A nonce for one challenge: 32 random bytes in hex. */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether a text is what a node's public key looks like: 32 bytes in base64. */
export function isPublicKey(text: string): boolean {
  return bytesOf(text)?.length === 32
}

/**
 * Whether the hello was signed with the private half of `publicKey` for this very nonce [N3].
 * Anything that is not a signature is answered false as well.
 */
export async function isSignedBy(publicKey: string, nonce: string, hello: Hello): Promise<boolean> {
  const raw = bytesOf(publicKey)
  const signature = bytesOf(hello.signature)
  if (raw === null || raw.length !== 32 || signature === null || signature.length !== 64) {
    return false
  }
  const text = new TextEncoder().encode(helloText(nonce, hello))
  try {
    const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, signature, text)
  } catch {
    // 32 bytes that are no point of the curve are refused by the import: nobody can have signed with them.
    return false
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return null // not base64
  }
}
