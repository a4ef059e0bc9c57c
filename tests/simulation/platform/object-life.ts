import { livesIn } from './globals.ts'
import type { LifeHost, MachineParts, Resumable } from './life-host.ts'
import type { ObjectInstance } from './object-code.ts'
import type { ObjectSocket } from './wire.ts'

/**
 * One memory of the object, from its constructor to its end. What the dead left behind, timers and calls under
 * way, never comes back to it, and it can reach nothing any more.
 */
export class ObjectLife implements Resumable {
  /** The socket that the next `WebSocketPair` is about. */
  nextPair: ObjectSocket | null = null
  private isOver = false
  private readonly object: ObjectInstance
  private ready: Promise<unknown> = Promise.resolve()
  private readonly deaths = new Set<() => void>()
  private readonly machine: LifeHost
  private readonly parts: MachineParts

  constructor(machine: LifeHost, parts: MachineParts) {
    this.machine = machine
    this.parts = parts
    parts.record.saw('object.woke')
    this.object = this.within(() => new parts.code.NodeObject(this.context(), {}))
  }

  /** Gives the object one event, after its constructor is through. */
  async enter(work: (object: ObjectInstance) => Promise<void>): Promise<void> {
    await this.ready
    if (this.isOver) return
    try {
      await this.within(() => work(this.object))
    } catch (error) {
      this.complains(`an event broke off: ${String(error)}`)
    }
  }

  onDeath(work: () => void): void {
    this.deaths.add(work)
  }

  /** Hands an answer out, once. */
  settle<T>(done: (value: T) => void, value: T): void {
    if (this.isOver) return
    this.deaths.clear()
    done(value)
  }

  end(): void {
    this.isOver = true
    for (const work of this.deaths) work()
    this.deaths.clear()
  }

  /** Code of this memory goes on, with what it asked for. */
  resumes(work: () => void): void {
    this.within(work)
    this.machine.planCommit()
  }

  now(): number {
    return this.machine.now()
  }

  after(ms: number, work: () => void): () => void {
    return this.parts.timeline.after(ms, () => {
      if (this.isOver) return
      this.within(work)
      this.machine.planCommit()
    })
  }

  /** A moment of the platform's own, such as checking a signature. */
  pause(): Promise<void> {
    const { random } = this.parts
    const ms = random.chance(0.9) ? random.between(0, 2) : random.between(2, 400)
    return new Promise((resolve) => this.after(ms, resolve))
  }

  complains(message: string): void {
    this.parts.record.saw('object.complained')
    this.parts.record.tell(() => `  object complains: ${message}`)
    if (!this.machine.mayComplain) this.parts.record.breaks('I9', `the object threw: ${message}`)
  }

  private within<T>(work: () => T): T {
    livesIn(this)
    return work()
  }

  private context(): unknown {
    const { machine, parts } = this
    const { storage } = machine
    const guarded = <Args extends unknown[], T>(work: (...args: Args) => T) => {
      return (...args: Args): T => {
        if (this.isOver) throw new Error('this memory of the object is gone')
        return work(...args)
      }
    }
    return {
      storage: {
        sql: { exec: guarded(storage.sql.exec) },
        transactionSync: guarded(<T>(work: () => T) => storage.transactionSync(work)),
        getAlarm: guarded(() => storage.getAlarm()),
        setAlarm: guarded((at: number) => storage.setAlarm(at)),
      },
      exports: { Ledger: machine.ledgerFor(this) },
      acceptWebSocket: guarded((socket: ObjectSocket, tags: string[]) =>
        machine.adopt(socket, tags),
      ),
      getWebSockets: guarded((tag?: string) => machine.socketsWith(tag)),
      getTags: (socket: ObjectSocket) => socket.tags,
      getWebSocketAutoResponseTimestamp: (socket: ObjectSocket) =>
        socket.pingedAt === null ? null : new Date(socket.pingedAt),
      setWebSocketAutoResponse: () => {},
      blockConcurrencyWhile: (work: () => Promise<unknown>) => {
        parts.record.tell(() => 'the object wakes')
        // Asynchronous like the platform's, whose first step comes after the constructor.
        this.ready = Promise.resolve().then(work)
        return this.ready
      },
    }
  }
}
