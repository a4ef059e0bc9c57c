import type { LinkSocket, SocketHandlers } from '../../../agent/socket.ts'
import type { Evidence } from '../evidence.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'

/** What the line between a node and the panel is like now. Milliseconds; `up`: from the agent. */
export interface Weather {
  latency: number
  upLost: boolean
  downLost: boolean
  /** New connections are refused at once. */
  refuses: boolean
}

/** The object's end of a connection, with what the platform keeps beside it. */
export class ObjectSocket {
  readyState = 0
  tags: readonly string[] = []
  pingedAt: number | null = null
  private attachment = 'null'
  private readonly wire: Wire

  constructor(wire: Wire) {
    this.wire = wire
  }

  /** A socket that is not kept over hibernation; only ever closed. */
  accept(): void {
    this.readyState = 1
    this.wire.host.adopt(this)
  }

  serializeAttachment(value: unknown): void {
    this.attachment = JSON.stringify(value)
  }

  deserializeAttachment(): unknown {
    return JSON.parse(this.attachment)
  }

  send(text: string): void {
    if (this.readyState > 1) throw new Error('the socket is closed')
    this.wire.host.leave(() => this.wire.sendDown(text))
  }

  close(code: number, reason: string): void {
    if (this.readyState > 1) return
    this.readyState = 2
    this.wire.host.leave(() => this.wire.closeFromObject(code, reason))
  }
}

/** What a wire asks of the machine that the object runs on. */
export interface ObjectHost {
  adopt(socket: ObjectSocket): void
  leave(work: () => void): void
  message(socket: ObjectSocket, text: string): void
  closed(socket: ObjectSocket, code: number, reason: string): void
  isThere(socket: ObjectSocket): boolean
}

/** The agent's end, as `ws` would be. */
export class AgentSocket implements LinkSocket {
  readyState = 0
  bufferedAmount = 0
  private readonly wire: Wire
  private readonly listeners: (() => void)[] = []

  constructor(wire: Wire) {
    this.wire = wire
  }

  send(text: string): void {
    if (this.readyState === 1) this.wire.sendUp(text)
  }

  close(code: number, reason: string): void {
    if (this.readyState > 1) return
    this.readyState = 2
    this.wire.closeFromAgent(code, reason)
  }

  terminate(): void {
    if (this.readyState === 3) return
    this.wire.closeFromAgent(1006, '')
    this.end()
  }

  once(_event: 'close', listener: () => void): void {
    this.listeners.push(listener)
  }

  end(): void {
    this.readyState = 3
    for (const listener of this.listeners.splice(0)) listener()
  }
}

/**
 * One connection. Within it, order is kept and nothing is lost before it is cut; from then on everything is,
 * in one direction or both, and either end learns of it at once, late or never.
 */
export class Wire {
  readonly agentEnd = new AgentSocket(this)
  readonly objectEnd = new ObjectSocket(this)
  readonly host: ObjectHost
  upCut = false
  downCut = false
  /** Milliseconds that everything takes longer on this one, and the hello besides. */
  extra = 0
  extraUp = 0
  /** All but the hello is lost on its way up, and the connection is reset soon. */
  isMute = false
  private early: string[] | null = []
  private upAt = 0
  private downAt = 0
  private readonly handlers: SocketHandlers
  private readonly weather: Weather
  private readonly timeline: Timeline
  private readonly random: Random
  private readonly record: Evidence

  constructor(
    host: ObjectHost,
    handlers: SocketHandlers,
    weather: Weather,
    parts: { timeline: Timeline; random: Random; record: Evidence },
  ) {
    this.host = host
    this.handlers = handlers
    this.weather = weather
    this.timeline = parts.timeline
    this.random = parts.random
    this.record = parts.record
  }

  sendUp(text: string): void {
    this.record.tell(() => `  agent > ${brief(text)}`)
    if (this.isMute && !text.startsWith('{"type":"hello"')) this.mute()
    this.up(() => {
      if (this.host.isThere(this.objectEnd)) this.host.message(this.objectEnd, text)
      // Nobody has this connection any more: the other machine says so.
      else this.down(() => this.lost(1006))
    })
  }

  private mute(): void {
    if (this.upCut) return
    this.upCut = true
    this.timeline.after(300, () => this.lost(1006))
  }

  sendDown(text: string): void {
    // The answer to the handshake goes first.
    if (this.early !== null) return void this.early.push(text)
    this.record.tell(() => `  object > ${brief(text)}`)
    this.down(() => {
      if (this.agentEnd.readyState === 1) this.handlers.text(this.agentEnd, text)
    })
  }

  /** The handshake succeeded. */
  opened(): void {
    this.down(() => {
      if (this.agentEnd.readyState !== 0) return
      this.agentEnd.readyState = 1
      this.handlers.event(this.agentEnd, { type: 'opened' })
    })
    const early = this.early ?? []
    this.early = null
    for (const text of early) this.sendDown(text)
  }

  closeFromAgent(code: number, reason: string): void {
    this.up(() => {
      this.objectLost(code, reason)
      this.down(() => this.lost(code, reason))
    })
  }

  closeFromObject(code: number, reason: string): void {
    this.record.tell(() => `  object closes ${code} ${reason}`)
    this.down(() => {
      this.lost(code, reason)
      this.up(() => this.objectLost(code, reason))
    })
  }

  /** A reset: both ends are told, unless their direction is cut. */
  sever(): void {
    this.up(() => this.objectLost(1006, ''))
    this.down(() => this.lost(1006))
  }

  /** The object's process is gone; whether the agent is told depends on the machine. */
  hostGone(isTold: boolean): void {
    this.objectEnd.readyState = 3
    if (isTold) this.down(() => this.lost(1006))
  }

  lost(code: number, reason = ''): void {
    if (this.agentEnd.readyState === 3) return
    this.agentEnd.end()
    this.handlers.event(this.agentEnd, { type: 'closed', code, reason })
  }

  private objectLost(code: number, reason: string): void {
    if (!this.host.isThere(this.objectEnd)) return
    this.objectEnd.readyState = 3
    this.host.closed(this.objectEnd, code, reason)
  }

  private up(work: () => void): void {
    // A stream that has lost something never goes on after it.
    this.upCut ||= this.weather.upLost
    if (this.upCut) {
      this.record.saw('frame.lost_up')
      return
    }
    this.upAt = this.later(this.upAt) + this.lateness()
    this.timeline.after(this.upAt - this.timeline.now, () => {
      if (!this.upCut) work()
    })
  }

  private down(work: () => void): void {
    this.downCut ||= this.weather.downLost
    if (this.downCut) {
      this.record.saw('frame.lost_down')
      return
    }
    this.downAt = this.later(this.downAt)
    this.timeline.after(this.downAt - this.timeline.now, () => {
      if (!this.downCut) work()
    })
  }

  /** Once: what is said now arrives late, and the agent does not wait for it. */
  private lateness(): number {
    const { extraUp } = this
    if (extraUp === 0) return 0
    this.extraUp = 0
    this.timeline.after(extraUp / 10, () => this.lost(1006))
    return extraUp
  }

  private later(last: number): number {
    const { latency } = this.weather
    const takes = latency * (0.5 + this.random.next()) + this.extra
    return Math.max(last, this.timeline.now + takes)
  }
}

function brief(text: string): string {
  return text.length > 3000 ? `${text.slice(0, 3000)}... (${text.length})` : text
}
