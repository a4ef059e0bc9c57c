import { WebSocket } from 'ws'
import * as z from 'zod'
import { OperationId } from '../contract/ids.ts'
import {
  CloseCode,
  decodeToAgent,
  type FromAgent,
  type Hello,
  helloText,
  maxFrameBytes,
  ping,
  pong,
  protocolVersion,
  type ToAgent,
} from '../contract/protocol/frames.ts'
import type { Clock } from './clock.ts'
import type { Identity } from './identity.ts'
import {
  type Link,
  type LinkEffect,
  type LinkEvent,
  newLink,
  stepLink,
  uncleanEnd,
  wakeAt,
} from './link.ts'
import { type Log, reasonOf } from './log.ts'
import type { Dial, LinkSocket, SocketHandlers } from './socket.ts'

type WithoutEpoch<Frame> = Frame extends { epoch: number } ? Omit<Frame, 'epoch'> : never

/** A frame to the object; the connection adds the epoch [N4]. */
export type Outgoing = WithoutEpoch<FromAgent>
export type Welcome = Extract<ToAgent, { type: 'welcome' }>
/** What arrives once the link is up. */
export type Incoming = Exclude<ToAgent, { type: 'challenge' | 'welcome' | 'fenced' }>
/** What a hello says of the machine and of the agent's stores. */
export type HelloFacts = Pick<
  Hello,
  'bootId' | 'agentVersion' | 'host' | 'runtime' | 'inflight' | 'desiredDigest'
>

export interface ConnectionDeps {
  readonly dial: Dial
  readonly identity: Identity
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly helloFacts: () => HelloFacts
}

export interface ConnectionListener {
  /** The link is up; called before any later frame is handed on. */
  up(welcome: Welcome): void
  down(): void
  /** The object knows a later attempt than this agent has made. */
  outdated(): void
  /** `false`: it could not be taken in, so the link begins anew and all that matters comes again [Q3, D1]. */
  frame(frame: Incoming): boolean
  /** A command that this version does not know [N8]. */
  unsupported(command: { readonly id: OperationId; readonly seq: number }): void
}

export interface Connection {
  start(): void
  /** Ends the link for good; resolves when the socket is gone. */
  stop(): Promise<void>
  /**
   * Sends a frame, if the link is up; nothing is queued, since all that matters is told again after a
   * welcome. Console lines and samples are refused too while the socket is behind.
   * @returns whether it was taken
   */
  send(frame: Outgoing): boolean
}

/** Unsent bytes above which what can wait is refused. */
const behindAt = 1_048_576
/** How long a polite close may take, in milliseconds. */
const closeWithin = 2_000

export function createConnection(deps: ConnectionDeps, listener: ConnectionListener): Connection {
  const { identity, clock, log } = deps
  let link: Link = newLink(identity.connNo)
  let socket: LinkSocket | null = null
  let cancelWake = () => {}

  const happen = (event: LinkEvent) => {
    const { state, effects } = stepLink(link, event, {
      now: clock.monotonic(),
      random: deps.random(),
    })
    link = state
    cancelWake()
    const due = wakeAt(link)
    cancelWake =
      due === null ? () => {} : clock.after(due - clock.monotonic(), () => happen({ type: 'tick' }))
    for (const effect of effects) perform(effect)
  }

  const perform = (effect: LinkEffect) => {
    switch (effect.type) {
      case 'dial':
        return dial(effect.connNo)
      case 'hello':
        return socket?.send(JSON.stringify(helloFrame(deps, effect)))
      case 'ping':
        return socket?.send(ping)
      case 'destroy':
        socket?.terminate()
        socket = null
        return
      case 'close':
        return closePolitely()
      case 'up':
        log.info('connected', { epoch: effect.epoch })
        return
      case 'down':
        log.warn('not connected', {
          code: effect.code,
          reason: effect.reason,
          nextAttemptMs: Math.round(effect.waitMs),
        })
        socket = null
        // The object knows a later attempt than this one: the data directory is an older copy of itself.
        if (effect.code === CloseCode.stale) listener.outdated()
        listener.down()
    }
  }

  const dial = (connNo: number) => {
    try {
      identity.dialling(connNo)
      socket = deps.dial(handlers)
    } catch (error) {
      happen({ type: 'closed', code: uncleanEnd, reason: reasonOf(error) })
    }
  }

  const handlers: SocketHandlers = {
    event: (from, event) => {
      if (from === socket) happen(event)
    },
    text: (from, text) => {
      if (from !== socket) return
      if (text === pong) happen({ type: 'pong' })
      else receive(text)
    },
  }

  const receive = (text: string) => {
    const decoded = decodeToAgent(text)
    if (!decoded.ok) return notUnderstood(text, decoded.reason)
    const frame = decoded.value
    switch (frame.type) {
      case 'challenge':
        return happen({ type: 'challenge', nonce: frame.nonce })
      case 'welcome':
        if (link.phase !== 'greeting') return
        happen({ type: 'welcome', epoch: frame.epoch, timers: frame.timers })
        return listener.up(frame)
      case 'fenced':
        return happen({ type: 'fenced' })
      default:
        if (link.phase === 'live' && frame.epoch === link.epoch) {
          if (!listener.frame(frame)) happen({ type: 'missed' })
          return
        }
        log.warn('a frame of another epoch was passed over', { type: frame.type })
    }
  }

  const notUnderstood = (text: string, reason: string) => {
    const command = unknownCommand(text)
    if (command !== null && link.phase === 'live' && command.epoch === link.epoch) {
      listener.unsupported(command)
    } else log.warn('a frame was not understood', { reason })
  }

  const closePolitely = () => {
    const closing = socket
    socket = null
    if (closing === null) return
    closing.close(1000, 'the agent stops')
    const cancel = clock.after(closeWithin, () => closing.terminate())
    closing.once('close', cancel)
  }

  return {
    start: () => happen({ type: 'start' }),
    stop: async () => {
      const closing = socket
      happen({ type: 'stop' })
      if (closing === null || closing.readyState === WebSocket.CLOSED) return
      await new Promise<void>((resolve) => closing.once('close', () => resolve()))
    },
    send: (frame) => {
      if (link.phase !== 'live' || socket?.readyState !== WebSocket.OPEN) return false
      const canWait = frame.type === 'console' || frame.type === 'stats'
      if (canWait && socket.bufferedAmount > behindAt) return false
      const text = JSON.stringify({ ...frame, epoch: link.epoch })
      if (Buffer.byteLength(text) > maxFrameBytes) {
        log.error('a frame was too large to send', { type: frame.type, bytes: text.length })
        return false
      }
      socket.send(text)
      return true
    },
  }
}

function helloFrame(
  { identity, helloFacts }: ConnectionDeps,
  { nonce, connNo }: { readonly nonce: string; readonly connNo: number },
): Hello {
  const { nodeId, machineId, bootNo } = identity
  if (nodeId === null) throw new Error('an agent that is not enrolled does not dial')
  const signed = { nodeId, machineId, bootNo, connNo, proto: protocolVersion }
  const signature = identity.sign(helloText(nonce, signed))
  return { type: 'hello', ...signed, ...helloFacts(), signature }
}

const UnknownCommand = z.object({
  type: z.literal('command'),
  epoch: z.int(),
  id: OperationId,
  seq: z.int().min(1),
})

function unknownCommand(text: string): z.infer<typeof UnknownCommand> | null {
  try {
    return UnknownCommand.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null // Not JSON: no command either.
  }
}
