import type { ServerId } from '../contract/ids.ts'
import { FromBrowser, type ToBrowser } from '../contract/protocol/console.ts'
import { CloseCode } from '../contract/protocol/frames.ts'
import { inFrames } from './console.ts'
import type { ConsoleChunks } from './storage/console-chunks.ts'

/** Who watches a server, as the Worker has checked it. */
export interface Watcher {
  readonly serverId: ServerId
  readonly userId: string
  /** Kinds of operations that it may hear of. */
  readonly kinds: readonly string[]
  /** When its right to watch ends, milliseconds since 1970; null: not by itself. */
  readonly expiresAt: number | null
}

interface Watching extends Watcher {
  /** It has said where it goes on from, so lines are sent as they come. */
  readonly resumed: boolean
  readonly since: number
}

export const browserTag = 'browser'

/** Sockets of one user on one server; one more closes the oldest. */
export const socketsPerUser = 5
export const messagesPerSecond = 20
export const messageSizeAtMost = 65_536

/**
 * Sockets of browsers, each on one server. A line is sent to a browser only after it resumed, and every
 * line since then as it comes, so none is doubled or out of order [C3]. The platform does not tell when a
 * reader is slow, so frames are kept small.
 */
export class BrowserSockets {
  private readonly ctx: DurableObjectState
  private readonly console: ConsoleChunks
  private servers: ReadonlySet<ServerId> | null = null
  private readonly rates = new WeakMap<WebSocket, { second: number; messages: number }>()

  constructor(ctx: DurableObjectState, console: ConsoleChunks) {
    this.ctx = ctx
    this.console = console
  }

  accept(socket: WebSocket, who: Watcher, now: number): void {
    const { serverId, userId } = who
    const own = `user:${userId}:${serverId}`
    const mine = this.open(own).sort(
      (one, other) => watchingOf(one).since - watchingOf(other).since,
    )
    for (const oldest of mine.slice(0, Math.max(0, mine.length - socketsPerUser + 1))) {
      oldest.close(CloseCode.replaced, 'too many sockets of this user')
    }
    this.ctx.acceptWebSocket(socket, [browserTag, serverTag(serverId), own])
    setWatching(socket, { ...who, resumed: false, since: now })
    this.servers = null
  }

  /** Servers that somebody watches. */
  watched(): readonly ServerId[] {
    return [...this.watchedSet()]
  }

  /** A socket has closed: who watches what is counted anew. */
  forget(): void {
    this.servers = null
  }

  greet(socket: WebSocket, frame: Extract<ToBrowser, { type: 'hello' }>): void {
    give(socket, frame)
  }

  show(serverId: ServerId, frame: ToBrowser): void {
    if (!this.watchedSet().has(serverId)) return
    const frames =
      frame.type === 'console'
        ? inFrames(frame.lines).map((lines) => JSON.stringify({ type: 'console', lines }))
        : [JSON.stringify(frame)]
    for (const socket of this.open(serverTag(serverId))) {
      if (!isFor(frame, watchingOf(socket))) continue
      for (const text of frames) socket.send(text)
    }
  }

  showAll(frame: ToBrowser): void {
    for (const socket of this.open(browserTag)) give(socket, frame)
  }

  /** A frame of a browser: parsed and answered here, or its socket is closed with the reason. */
  receive(socket: WebSocket, data: string | ArrayBuffer, now: number): void {
    if (socket.readyState !== WebSocket.OPEN) return
    const size = typeof data === 'string' ? data.length : data.byteLength
    const frame = readFrame(data)
    if (!this.isWithinRate(socket, now)) socket.close(1008, 'too many messages')
    else if (size > messageSizeAtMost) socket.close(1009, 'message too large')
    else if (frame === null) socket.close(CloseCode.protocol, 'not understood')
    else this.resume(socket, frame.afterSeq)
  }

  private resume(socket: WebSocket, afterSeq: number): void {
    const watching = watchingOf(socket)
    setWatching(socket, { ...watching, resumed: true })
    for (const lines of inFrames(this.console.after(watching.serverId, afterSeq))) {
      give(socket, { type: 'console', lines })
    }
  }

  closeServer(serverId: ServerId, reason: string): void {
    for (const socket of this.open(serverTag(serverId))) socket.close(1000, reason)
    this.servers = null
  }

  closeUsers(userIds: readonly string[], reason: string): void {
    const meant = new Set(userIds)
    for (const socket of this.open(browserTag)) {
      if (meant.has(watchingOf(socket).userId)) socket.close(1000, reason)
    }
    this.servers = null
  }

  closeAll(reason: string): void {
    for (const socket of this.open(browserTag)) socket.close(1000, reason)
    this.servers = null
  }

  /** Dead peers give no sign: one that used to ping and does no more is closed. True when one was. */
  closeSilent(silentFor: number, now: number): boolean {
    let closed = false
    for (const socket of this.open(browserTag)) {
      const pinged = this.ctx.getWebSocketAutoResponseTimestamp(socket)
      if (pinged === null || now - pinged.getTime() <= silentFor) continue
      socket.close(CloseCode.silent, 'silent')
      closed = true
    }
    if (closed) this.servers = null
    return closed
  }

  /**
   * Closes those whose right to watch has ended.
   * @returns when the next one's ends; null: none does by itself
   */
  closeExpired(now: number): number | null {
    let next: number | null = null
    for (const socket of this.open(browserTag)) {
      // Sockets of a version before this one say nothing of it.
      const expiresAt = watchingOf(socket).expiresAt ?? null
      if (expiresAt === null) continue
      if (expiresAt <= now) {
        socket.close(1000, 'the session or API key has ended')
        this.servers = null
      } else next = Math.min(next ?? expiresAt, expiresAt)
    }
    return next
  }

  private watchedSet(): ReadonlySet<ServerId> {
    this.servers ??= new Set(this.open(browserTag).map((socket) => watchingOf(socket).serverId))
    return this.servers
  }

  private open(tag: string): WebSocket[] {
    return this.ctx.getWebSockets(tag).filter((socket) => socket.readyState === WebSocket.OPEN)
  }

  private isWithinRate(socket: WebSocket, now: number): boolean {
    const second = Math.floor(now / 1000)
    const rate = this.rates.get(socket)
    const messages = rate?.second === second ? rate.messages + 1 : 1
    this.rates.set(socket, { second, messages })
    return messages <= messagesPerSecond
  }
}

function isFor(frame: ToBrowser, { resumed, kinds }: Watching): boolean {
  if (frame.type === 'console') return resumed
  return frame.type !== 'operation' || kinds.includes(frame.kind)
}

function serverTag(serverId: ServerId): string {
  return `server:${serverId}`
}

function watchingOf(socket: WebSocket): Watching {
  // Attachments of sockets with the browsers' tag are written by `setWatching` alone.
  return socket.deserializeAttachment() as Watching
}

function setWatching(socket: WebSocket, watching: Watching): void {
  socket.serializeAttachment(watching)
}

function give(socket: WebSocket, frame: ToBrowser): void {
  socket.send(JSON.stringify(frame))
}

function readFrame(data: string | ArrayBuffer): FromBrowser | null {
  if (typeof data !== 'string' || data.length > messageSizeAtMost) return null
  try {
    return FromBrowser.safeParse(JSON.parse(data)).data ?? null
  } catch {
    return null // not JSON
  }
}
