import type { SocketHandlers } from '../../../agent/socket.ts'
import type { Evidence } from '../evidence.ts'
import type { ObjectMachine } from '../platform/object-machine.ts'
import { type AgentSocket, type Weather, Wire } from '../platform/wire.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { AgentHost } from './agent-host.ts'
import { Disk, type IdentityCard } from './disk.ts'
import { Engine } from './engine.ts'
import { AgentProcess } from './process.ts'
import type { JournalWatcher } from './stores.ts'

export interface MachineWorld {
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  readonly object: ObjectMachine
}

/** How long an agent that was asked to end may take. Milliseconds. */
const endWithin = 10_000

/** A host with an engine, a data directory, and at most one agent that runs. */
export class Machine implements AgentHost {
  readonly name: string
  readonly timeline: Timeline
  readonly random: Random
  readonly record: Evidence
  readonly engine: Engine
  readonly weather: Weather = { latency: 20, upLost: false, downLost: false, refuses: false }
  readonly wires = new Set<Wire>()
  disk: Disk
  process: AgentProcess | null = null
  bootNo = 1
  /** Nothing starts here. */
  isOff = false
  /** The disk takes nothing, this many more times. */
  diskFull = 0
  /** The clock less true time. Milliseconds. */
  skew = 0
  watchJournal: JournalWatcher = () => {}
  /** Called with each frame that reaches the agent. */
  onFrame: (text: string) => void = () => {}
  /** The hello of the next connection takes this much longer. Milliseconds. */
  nextExtra = 0
  /** So many connections lose what the agent says after its hello. */
  mutes = 0
  /** Whether a handshake gets through at all. */
  mayConnect: () => boolean = () => true
  private bootedAt: number
  private readonly object: ObjectMachine

  constructor(name: string, card: IdentityCard, world: MachineWorld) {
    this.name = name
    this.timeline = world.timeline
    this.random = world.random.fork(name)
    this.record = world.record
    this.object = world.object
    this.disk = new Disk(card)
    this.bootedAt = this.timeline.now - 1_000_000
    this.engine = new Engine({
      ...world,
      random: this.random.fork('engine'),
      now: () => this.now(),
    })
  }

  get bootId(): string {
    return `${this.name}-boot-${this.bootNo}`
  }

  now(): number {
    return this.timeline.now + this.skew
  }

  monotonic(): number {
    return this.timeline.now - this.bootedAt
  }

  start(): void {
    if (this.process !== null || this.isOff) return
    this.record.tell(() => `agent starts on ${this.name}`)
    const process = new AgentProcess(this)
    this.process = process
    void process.start()
  }

  /** The agent dies. @param isTold its connections end as a living kernel ends them */
  kill(isTold: boolean): void {
    const { process } = this
    if (process === null) return
    this.record.tell(() => `agent dies on ${this.name}`)
    this.process = null
    process.die()
    for (const wire of this.wires) {
      if (isTold) wire.agentEnd.terminate()
      else wire.upCut = true
      wire.downCut = true
    }
    this.wires.clear()
  }

  /** The agent is asked to end, and killed when it takes too long; `then` follows when it is gone. */
  async close(then: () => void): Promise<void> {
    const { process } = this
    if (process === null) return
    process.onDeath(then)
    this.timeline.after(endWithin, () => {
      if (this.process === process) this.kill(true)
    })
    await process.close()
    if (this.process === process) this.process = null
    process.die()
  }

  /** The host goes down and comes up again; servers' processes end, and nobody is told. */
  reboot(): void {
    this.kill(false)
    for (const { view } of this.engine.containers.values()) this.engine.end(view.id, 255, false)
    this.bootNo += 1
    this.bootedAt = this.timeline.now
  }

  dial(handlers: SocketHandlers): AgentSocket {
    const { timeline, random, record, object } = this
    const told: SocketHandlers = {
      event: (from, event) => handlers.event(from, event),
      text: (from, text) => {
        this.onFrame(text)
        handlers.text(from, text)
      },
    }
    const wire = new Wire(object, told, this.weather, { timeline, random, record })
    wire.extraUp = this.nextExtra
    if (this.mutes > 0) {
      this.mutes -= 1
      wire.isMute = true
    }
    this.nextExtra = 0
    this.wires.add(wire)
    timeline.after(this.weather.latency, () => {
      if (this.weather.refuses || !object.isUp || !this.mayConnect()) return wire.lost(1006)
      if (this.weather.upLost || wire.upCut || wire.agentEnd.readyState === 3) return
      object.connect(wire)
    })
    return wire.agentEnd
  }
}
