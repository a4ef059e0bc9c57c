import { createHash } from 'node:crypto'
import { AppError } from '../../../contract/errors.ts'
import type { Attempt, RateLimit, RateVerdict, ThrottleRpc } from '../../../contract/throttle.ts'
import type { Log } from '../log.ts'
import { isRetryable } from '../retryable.ts'

/** Counts attempts at secrets, and requests, by the names that `names.ts` makes. */
export interface Throttle {
  /**
   * Counts an attempt for every name, or for none where one has to wait. Asked before the secret is looked
   * at. The name that strangers share comes first: who is kept out by it then touches no account.
   * @throws `throttle_unavailable` when it cannot be counted: let in uncounted, guesses would be free for
   * whoever keeps an object busy
   */
  attempt(names: readonly string[]): Promise<Attempt>
  /** Says that the secret was right. Never throws: what is not forgiven is forgotten in an hour. */
  forgive(names: readonly string[]): Promise<void>
  /**
   * Counts a request. Null when it cannot be counted, and then it passes: it guesses nothing, and what
   * shields the panel from load must not be what takes it away.
   */
  take(name: string, limit: RateLimit): Promise<RateVerdict | null>
}

export interface ThrottleNamespace<Id = unknown> {
  idFromName(name: string): Id
  get(id: Id): ThrottleRpc
}

/** Strangers invent names, so all names share this many objects. Another number forgets all counts. */
export const objectCount = 64

/** The object that counts for a name. */
export function objectOf(name: string): string {
  const number = createHash('sha256').update(name).digest().readUInt32BE(0)
  return `throttle:${number % objectCount}`
}

/** A throttle over the `Throttle` objects. */
export function createThrottle(namespace: ThrottleNamespace, log: Log): Throttle {
  const objects = reach(namespace, log)
  return {
    attempt: (names) => attempt(objects, names),
    forgive: async (names) => {
      const shares = sharesOf(names)
      await Promise.all(
        shares.map((share) => objects.ask(share.object, (stub) => stub.forgive(share.names))),
      )
    },
    take: (name, limit) => objects.ask(objectOf(name), (stub) => stub.take(name, limit)),
  }
}

interface Objects {
  /** Null when the object does not answer. */
  ask<T>(object: string, call: (stub: ThrottleRpc) => Promise<T>): Promise<T | null>
}

function reach(namespace: ThrottleNamespace, log: Log): Objects {
  return {
    ask: async (object, call) => {
      // A stub that threw may be broken for good, so each try makes its own.
      const once = () => call(namespace.get(namespace.idFromName(object)))
      try {
        return await once().catch((error: unknown) => {
          // The first try may have counted already: the second then counts too much, never too little.
          if (isRetryable(error)) return once()
          throw error
        })
      } catch (error) {
        log.error('throttle_failed', { object, reason: String(error) })
        return null
      }
    },
  }
}

/** Names that one object counts for. */
interface Share {
  readonly object: string
  readonly names: readonly string[]
}

/** Object by object. Who is refused by a later one gets back what the earlier ones counted. */
async function attempt(objects: Objects, names: readonly string[]): Promise<Attempt> {
  const counted: (Share & { readonly at: number })[] = []
  for (const share of sharesOf(names)) {
    const answer = await objects.ask(share.object, (stub) => stub.attempt(share.names))
    if (answer?.allowed) {
      counted.push({ ...share, at: answer.at })
      continue
    }
    await Promise.all(
      counted.map(({ object, names, at }) =>
        objects.ask(object, (stub) => stub.giveBack(names, at)),
      ),
    )
    if (answer === null) throw new AppError('throttle_unavailable')
    return answer
  }
  return { allowed: true }
}

/** The names by object, in the order in which they were given. */
function sharesOf(names: readonly string[]): Share[] {
  const byObject = new Map<string, string[]>()
  for (const name of new Set(names)) {
    const object = objectOf(name)
    byObject.set(object, [...(byObject.get(object) ?? []), name])
  }
  return Array.from(byObject, ([object, shared]) => ({ object, names: shared }))
}
