import { ping, pong } from '../../../contract/protocol/frames.ts'
import { type LedgerRpc, objectHeaders } from '../../../contract/rpc.ts'
import type { Random } from '../random.ts'
import type { LifeHost, MachineParts, Resumable } from './life-host.ts'
import type { ObjectInstance } from './object-code.ts'
import { ObjectLife } from './object-life.ts'
import { SimulatedStorage } from './storage.ts'
import type { ObjectHost, ObjectSocket, Wire } from './wire.ts'

/** What an answer became: the value, or nobody knows. */
export type Answer<T> = { readonly came: true; readonly value: T } | { readonly came: false }

/**
 * Runs the product's object as workerd would: wakes it for each event, puts it to sleep, holds back what it
 * says until it is on disk, and dies when it is told to.
 */
export class ObjectMachine implements ObjectHost, LifeHost {
  readonly storage: SimulatedStorage
  readonly wires = new Map<ObjectSocket, Wire>()
  readonly random: Random
  isUp = true
  /** The machine's clock less true time. Milliseconds. */
  skew = 0
  /** Storage was made to fail, so the object may say so. */
  mayComplain = false
  private readonly ledger: LedgerRpc
  life: ObjectLife | null = null
  /** Alarms come this much later than they are set for. Milliseconds. */
  alarmLate = 0
  /** Called around each frame that the object is given. */
  onMessage: (socket: ObjectSocket, text: string, isAfter: boolean) => void = () => {}
  private readonly sockets = new Set<ObjectSocket>()
  private commitPlanned = false
  private cancelAlarm = () => {}
  private readonly parts: MachineParts

  constructor(parts: MachineParts) {
    this.parts = parts
    this.random = parts.random
    this.ledger = parts.ledger
    this.storage = new SimulatedStorage(parts.database)
    this.storage.onAlarm = () => this.armAlarm()
  }

  now(): number {
    return this.parts.timeline.now + this.skew
  }

  /** Asks the object something; the answer is given once it may leave the machine. */
  call<T>(work: (object: ObjectInstance) => Promise<T>, done: (answer: Answer<T>) => void): void {
    if (!this.isUp) {
      done({ came: false })
      return
    }
    const life = this.awake()
    life.onDeath(() => done({ came: false }))
    void life.enter(async (object) => {
      try {
        const value = await work(object)
        this.storage.leave(() => life.settle(done, { came: true, value }))
      } catch (error) {
        this.parts.record.tell(() => `  the call threw: ${String(error)}`)
        life.settle(done, { came: false })
      }
      this.planCommit()
    })
  }

  /** An agent's handshake arrives. */
  connect(wire: Wire): void {
    const socket = wire.objectEnd
    this.wires.set(socket, wire)
    const said: Readonly<Record<string, string>> = {
      upgrade: 'websocket',
      [objectHeaders.node]: this.parts.nodeId,
    }
    const headers = { get: (name: string) => said[name] ?? null }
    const life = this.awake()
    void life.enter(async (object) => {
      life.nextPair = socket
      await object.fetch({ headers, url: 'https://object/agent' })
      this.storage.leave(() => wire.opened())
      this.planCommit()
    })
  }

  adopt(socket: ObjectSocket, tags: readonly string[] = []): void {
    socket.readyState = 1
    socket.tags = tags
    this.sockets.add(socket)
  }

  leave(work: () => void): void {
    this.storage.leave(work)
  }

  isThere(socket: ObjectSocket): boolean {
    return this.isUp && this.sockets.has(socket)
  }

  message(socket: ObjectSocket, text: string): void {
    if (text === ping && socket.tags.length > 0) {
      // The platform answers by itself; the object sleeps on.
      socket.pingedAt = this.now()
      if (socket.readyState === 1) this.wires.get(socket)?.sendDown(pong)
      return
    }
    void this.awake().enter(async (object) => {
      this.onMessage(socket, text, false)
      await object.webSocketMessage(socket, text)
      this.onMessage(socket, text, true)
      this.planCommit()
    })
  }

  closed(socket: ObjectSocket, code: number, reason: string): void {
    this.sockets.delete(socket)
    if (socket.tags.length === 0) return
    void this.awake().enter(async (object) => {
      await object.webSocketClose(socket, code, reason)
      this.planCommit()
    })
  }

  /** What an object's memory is given to ask the ledger with: answers come back to that memory alone. */
  ledgerFor(life: Resumable): LedgerRpc {
    const ask = <T>(work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        this.storage.leave(() => {
          const answered = (settle: () => void) => {
            if (life === this.life) life.resumes(settle)
          }
          work().then(
            (value) => answered(() => resolve(value)),
            (error: unknown) => answered(() => reject(error)),
          )
        })
      })
    return {
      apply: (nodeId, events) => ask(() => this.ledger.apply(nodeId, events)),
      pull: (nodeId, revision) => ask(() => this.ledger.pull(nodeId, revision)),
    }
  }

  socketsWith(tag: string | undefined): ObjectSocket[] {
    return [...this.sockets].filter(({ tags }) => tag === undefined || tags.includes(tag))
  }

  /** `kill -9`, or the machine is gone: what was not committed is lost, sockets are, memory is. */
  kill(isTold: boolean): void {
    this.isUp = false
    this.endLife()
    this.storage.lose()
    this.cancelAlarm()
    for (const socket of this.sockets) this.wires.get(socket)?.hostGone(isTold)
    this.sockets.clear()
  }

  start(): void {
    if (this.isUp) return
    this.isUp = true
    this.armAlarm()
  }

  /** The memory goes, storage and sockets stay. */
  evict(): void {
    this.storage.commit()
    this.endLife()
  }

  /** The clock is set. Milliseconds less true time. */
  setClock(skew: number): void {
    this.skew = skew
    this.armAlarm()
  }

  /** Runs the alarm now, whenever it is set for; the platform may do that. */
  fireAlarm(): void {
    if (!this.isUp) return
    this.cancelAlarm()
    this.storage.takeAlarm()
    const life = this.awake()
    void life.enter(async (object) => {
      await object.alarm()
      this.planCommit()
    })
    this.planCommit()
  }

  /** What was written is on disk a moment later. */
  planCommit(): void {
    if (!this.storage.isDirty || this.commitPlanned) return
    this.commitPlanned = true
    const { timeline, random } = this.parts
    const takes = random.chance(0.85) ? 0 : random.between(1, 60)
    timeline.after(takes, () => {
      this.commitPlanned = false
      if (this.isUp) this.storage.commit()
    })
  }

  private awake(): ObjectLife {
    this.life ??= new ObjectLife(this, this.parts)
    return this.life
  }

  private endLife(): void {
    const { life } = this
    this.life = null
    life?.end()
  }

  private armAlarm(): void {
    this.cancelAlarm()
    const at = this.storage.alarm
    if (at === null || !this.isUp) return
    const wait = at - this.now() + this.alarmLate
    this.cancelAlarm = this.parts.timeline.after(wait, () => this.fireAlarm())
  }
}
