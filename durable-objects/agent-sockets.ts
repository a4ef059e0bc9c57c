import { maxFrameBytes, type ToAgent } from '../contract/protocol/frames.ts'
import { newNonce } from './hello-signature.ts'

/**
 * What a socket of an agent is at; kept in its attachment, so that it outlives the object's memory.
 * `since` is milliseconds since 1970.
 */
export type AgentPhase =
  | { readonly phase: 'greeting'; readonly nonce: string; readonly since: number }
  /** Its hello is being checked. */
  | { readonly phase: 'checking'; readonly nonce: string; readonly since: number }
  | { readonly phase: 'live'; readonly epoch: number; readonly since: number }
  /** Closed by the object; the platform may still deliver what was on its way. */
  | { readonly phase: 'closed' }

export const agentTag = 'agent'

/** Agents' sockets. Which of them is live is said by the epoch in its attachment, by nothing else [N5]. */
export class AgentSockets {
  private readonly ctx: DurableObjectState
  private cached: { readonly epoch: number; readonly socket: WebSocket } | null = null
  /** Of the live socket, since this object woke: pings do not pass through the object. */
  private lastFrameAt = 0

  constructor(ctx: DurableObjectState) {
    this.ctx = ctx
  }

  /** Takes a socket in and challenges its agent. */
  accept(socket: WebSocket, now: number): void {
    const nonce = newNonce()
    this.ctx.acceptWebSocket(socket, [agentTag])
    setPhase(socket, { phase: 'greeting', nonce, since: now })
    socket.send(encode({ type: 'challenge', nonce }))
  }

  makeLive(socket: WebSocket, epoch: number, now: number): void {
    setPhase(socket, { phase: 'live', epoch, since: now })
    this.cached = { epoch, socket }
    this.lastFrameAt = now
  }

  /** The socket that was welcomed with this epoch and is still open; null: there is none. */
  live(epoch: number): WebSocket | null {
    if (this.cached?.epoch === epoch)
      return isUsable(this.cached.socket) ? this.cached.socket : null
    for (const socket of this.ctx.getWebSockets(agentTag)) {
      const at = phaseOf(socket)
      if (at.phase !== 'live' || at.epoch !== epoch || !isUsable(socket)) continue
      this.cached = { epoch, socket }
      return socket
    }
    return null
  }

  heard(now: number): void {
    this.lastFrameAt = now
  }

  /**
   * When the live socket was last heard, pings included; null: there is no live socket. What lies ahead of
   * `now` was noted by a clock that has gone back since, and would let a dead agent live until then.
   */
  heardAt(epoch: number, now: number): number | null {
    const socket = this.live(epoch)
    if (socket === null) return null
    const at = phaseOf(socket)
    if (at.phase === 'live' && at.since > now) setPhase(socket, { ...at, since: now })
    const since = at.phase === 'live' ? Math.min(at.since, now) : 0
    const pinged = this.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
    return Math.max(since, ...[pinged, this.lastFrameAt].filter((time) => time <= now))
  }

  /** Sends to the live socket; without one the frame is dropped, and the next welcome makes up for it. */
  send(epoch: number, frame: ToAgent): void {
    const socket = this.live(epoch)
    if (socket !== null) sendTo(socket, frame)
  }

  closeAll(code: number, reason: string, except: WebSocket | null = null): void {
    for (const socket of this.ctx.getWebSockets(agentTag)) {
      if (socket !== except) close(socket, code, reason)
    }
  }

  /** Closes sockets whose hello is overdue, and says when the next one will be; null: none waits. */
  closeOverdue(code: number, within: number, now: number): number | null {
    let next: number | null = null
    for (const socket of this.ctx.getWebSockets(agentTag)) {
      const at = phaseOf(socket)
      if (at.phase !== 'greeting' && at.phase !== 'checking') continue
      if (at.since + within <= now) close(socket, code, 'no hello came')
      else next = Math.min(next ?? Number.POSITIVE_INFINITY, at.since + within)
    }
    return next
  }
}

export function phaseOf(socket: WebSocket): AgentPhase {
  // Attachments of sockets with the agent's tag are written by `setPhase` alone.
  return (socket.deserializeAttachment() as AgentPhase | null) ?? { phase: 'closed' }
}

export function setPhase(socket: WebSocket, phase: AgentPhase): void {
  socket.serializeAttachment(phase)
}

/** Sends one frame; false when it is larger than a frame may be [N8], which is a fault of the panel's. */
export function sendTo(socket: WebSocket, frame: ToAgent): boolean {
  const text = encode(frame)
  if (text.length * 3 > maxFrameBytes && new TextEncoder().encode(text).length > maxFrameBytes) {
    console.error(`a ${frame.type} frame of ${text.length} characters is too large for the agent`)
    return false
  }
  if (isUsable(socket)) socket.send(text)
  return true
}

/** Closes a socket; what still comes from it is not read. */
export function close(socket: WebSocket, code: number, reason: string): void {
  setPhase(socket, { phase: 'closed' })
  if (isUsable(socket)) socket.close(code, reason.slice(0, 120))
}

function isUsable(socket: WebSocket): boolean {
  return socket.readyState === WebSocket.OPEN
}

function encode(frame: ToAgent): string {
  return JSON.stringify(frame)
}
