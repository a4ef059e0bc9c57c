import type { ThrottleRpc } from '../../contract/throttle.ts'
import { AttemptBook, type AttemptStore } from '../../durable-objects/throttle/attempt-book.ts'
import type { AttemptRow } from '../../durable-objects/throttle/attempts.ts'
import { Buckets } from '../../durable-objects/throttle/buckets.ts'
import type { Clock } from '../../worker/services/context.ts'
import type { ThrottleNamespace } from '../../worker/services/throttle/throttle.ts'

/** The objects that count, in memory: their rules are the real ones. */
export interface ThrottleObjects {
  readonly namespace: ThrottleNamespace<string>
  /** All rows of all objects. */
  rows(): AttemptRow[]
  /** Thrown by every call of an object, as its name says; null: it answers. */
  broken: ((object: string) => Error | null) | null
  /** Calls that came, as `attempt throttle:7`. */
  readonly calls: string[]
}

export function createThrottleObjects(clock: Clock): ThrottleObjects {
  const made = new Map<string, { store: MemoryAttempts; stub: ThrottleRpc }>()
  const objects: ThrottleObjects = {
    namespace: {
      idFromName: (name) => name,
      get: (name) => {
        const object = made.get(name) ?? objectOn(clock)
        made.set(name, object)
        return stubOf(object.stub, (method) => {
          objects.calls.push(`${method} ${name}`)
          const broken = objects.broken?.(name) ?? null
          if (broken !== null) throw broken
        })
      },
    },
    rows: () => [...made.values()].flatMap(({ store }) => [...store.rows.values()]),
    broken: null,
    calls: [],
  }
  return objects
}

function objectOn(clock: Clock) {
  const store = new MemoryAttempts()
  const book = new AttemptBook(store)
  const buckets = new Buckets()
  const stub: ThrottleRpc = {
    attempt: async (names) => book.attempt(names, clock.now()),
    giveBack: async (names, at) => book.giveBack(names, at),
    forgive: async (names) => book.forgive(names),
    take: async (name, limit) => buckets.take(name, limit, clock.now()),
  }
  return { store, stub }
}

/** @param called may throw, as a call that does not reach its object does */
function stubOf(stub: ThrottleRpc, called: (method: keyof ThrottleRpc) => void): ThrottleRpc {
  return {
    attempt: async (names) => {
      called('attempt')
      return stub.attempt(names)
    },
    giveBack: async (names, at) => {
      called('giveBack')
      return stub.giveBack(names, at)
    },
    forgive: async (names) => {
      called('forgive')
      return stub.forgive(names)
    },
    take: async (name, limit) => {
      called('take')
      return stub.take(name, limit)
    },
  }
}

/** Rows in a map. */
export class MemoryAttempts implements AttemptStore {
  readonly rows = new Map<string, AttemptRow>()

  get size(): number {
    return this.rows.size
  }

  find(name: string): AttemptRow | null {
    return this.rows.get(name) ?? null
  }

  put(row: AttemptRow): void {
    this.rows.set(row.name, row)
  }

  drop(name: string): void {
    this.rows.delete(name)
  }

  weakest(besides: readonly string[]): AttemptRow | null {
    const others = [...this.rows.values()].filter(({ name }) => !besides.includes(name))
    const [first] = others.toSorted((one, other) => one.count - other.count || one.at - other.at)
    return first ?? null
  }

  dropUntil(at: number): void {
    for (const row of this.rows.values()) if (row.at <= at) this.rows.delete(row.name)
  }

  oldest(): number | null {
    return this.size === 0 ? null : Math.min(...[...this.rows.values()].map(({ at }) => at))
  }
}
