import type { ObjectSocket } from './wire.ts'

/** What the platform gives to the code of an object that is alive. */
export interface Living {
  readonly nextPair: ObjectSocket | null
  now(): number
  after(ms: number, work: () => void): () => void
  pause(): Promise<void>
  complains(message: string): void
}

let living: Living | null = null

/** Whose code runs now. One thread simulates one object at a time, and only objects use these globals. */
export function livesIn(life: Living): void {
  living = life
}

function current(): Living {
  if (living === null) throw new Error('no object is alive')
  return living
}

/** Puts the simulated platform in the place of Node's own globals, for this thread and for good. */
export function takeOverGlobals(): void {
  const { subtle } = crypto
  const doubles = {
    setTimeout: (work: () => void, ms = 0) => ({ cancel: current().after(ms, work) }),
    clearTimeout: (timer?: { readonly cancel: () => void }) => timer?.cancel(),
    WebSocketPair: class {
      readonly 0 = current().nextPair
      readonly 1 = current().nextPair
    },
    WebSocketRequestResponsePair: class {},
    Response: class {
      readonly status: number
      constructor(_body: unknown, init: { readonly status: number }) {
        this.status = init.status
      }
    },
  }
  Object.assign(globalThis, doubles)
  Date.now = () => current().now()
  console.error = (...parts: unknown[]) => current().complains(parts.map(textOf).join(' '))
  // A nonce needs no chance here, and real chance would be the dearest part of a handshake.
  crypto.getRandomValues = (bytes) => bytes
  subtle.importKey = asImport(async (_format, raw) => raw)
  subtle.verify = asVerify(async (_algorithm, key, signature) => {
    await current().pause()
    return sameStart(bytesOf(key), bytesOf(signature))
  })
}

type Any = (...args: unknown[]) => Promise<unknown>

/** A key is its own bytes here; Web Crypto's types have no room for that. */
function asImport(work: Any): typeof crypto.subtle.importKey {
  return work as unknown as typeof crypto.subtle.importKey
}

function asVerify(work: Any): typeof crypto.subtle.verify {
  return work as unknown as typeof crypto.subtle.verify
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new Error('not bytes')
}

/** A simulated signature begins with the public key that it belongs to. */
function sameStart(key: Uint8Array, signature: Uint8Array): boolean {
  return key.every((byte, at) => signature[at] === byte)
}

function textOf(part: unknown): string {
  return part instanceof Error
    ? `${part.message} ${part.stack?.split('\n')[1]?.trim() ?? ''}`
    : String(part)
}
