import { assertNever } from '../contract/assert-never.ts'
import {
  CloseCode,
  type Hello,
  type LinkTimers,
  oldestProtocol,
  protocolVersion,
} from '../contract/protocol/frames.ts'
import { alert, type ReportEffect, report } from './effect.ts'

/** What the object knows of its agent's link. `epoch` never goes back, not even with a new key. */
export interface LinkState {
  /** Raw Ed25519 key in base64; null: not enrolled, or revoked. */
  readonly publicKey: string | null
  /** The machine that holds the node; null until the first hello under this key. */
  readonly machineId: string | null
  readonly bootNo: number
  /** Highest connection number that was let in. */
  readonly connNo: number
  readonly epoch: number
  /** When the live link began, milliseconds since 1970; null while there is none. */
  readonly onlineSince: number | null
  /** The machine that was refused last as a duplicate: the one that `adopt` speaks of. */
  readonly refused: string | null
  /** An admin's leave for another machine; `machineId` null: whichever comes first. */
  readonly adopts: { readonly machineId: string | null } | null
}

export const noLink: LinkState = {
  publicKey: null,
  machineId: null,
  bootNo: 0,
  connNo: 0,
  epoch: 0,
  onlineSince: null,
  refused: null,
  adopts: null,
}

/** Times are milliseconds since 1970. `heardAt`: when the live socket was last heard; null: there is none. */
export type LinkEvent =
  | {
      readonly type: 'hello'
      readonly hello: Hello
      /** The key that the signature was checked with; it may have changed while that went on. */
      readonly verifiedWith: string
      readonly heardAt: number | null
      readonly now: number
    }
  | { readonly type: 'frame'; readonly socketEpoch: number; readonly frameEpoch: number }
  | { readonly type: 'closed'; readonly socketEpoch: number; readonly reason: string }
  | { readonly type: 'tick'; readonly heardAt: number | null; readonly now: number }
  | { readonly type: 'key'; readonly publicKey: string | null }
  | { readonly type: 'adopt' }

/** `refuse` and `fence` concern the socket that spoke; `welcome` makes it the live one. */
export type LinkEffect =
  | { readonly type: 'save_link'; readonly link: LinkState }
  | { readonly type: 'welcome'; readonly epoch: number }
  | { readonly type: 'refuse'; readonly code: number; readonly reason: string }
  | { readonly type: 'fence'; readonly epoch: number; readonly current: number }
  | { readonly type: 'close_others' }
  | { readonly type: 'close_live'; readonly code: number; readonly reason: string }
  | { readonly type: 'close_agents'; readonly code: number; readonly reason: string }
  | ReportEffect

export interface LinkStep {
  readonly state: LinkState
  readonly effects: readonly LinkEffect[]
}

/**
 * Decides who holds the node and which frames count [N1, N3, N4, N6]. An event that changes nothing
 * returns the same state; a `frame` without an effect may be read.
 */
export function stepLink(state: LinkState, event: LinkEvent, timers: LinkTimers): LinkStep {
  switch (event.type) {
    case 'hello':
      return onHello(state, event, timers)
    case 'frame':
      return onFrame(state, event.socketEpoch, event.frameEpoch)
    case 'closed':
      return isLive(state, event.socketEpoch) ? offline(state, event.reason) : same(state)
    case 'tick': {
      if (state.onlineSince === null || isAlive(state, event, timers)) return same(state)
      const gone = offline(state, 'nothing was heard from the agent')
      const close = { type: 'close_live', code: CloseCode.silent, reason: 'silent' } as const
      return { ...gone, effects: [close, ...gone.effects] }
    }
    case 'key':
      return onKey(state, event.publicKey)
    case 'adopt':
      return saved({ ...state, adopts: { machineId: state.refused } })
    default:
      return assertNever(event)
  }
}

/** Whether a socket that was welcomed with `socketEpoch` is the live one [N5]. */
export function isLive(state: LinkState, socketEpoch: number): boolean {
  return state.onlineSince !== null && socketEpoch === state.epoch
}

function onHello(
  state: LinkState,
  event: Extract<LinkEvent, { type: 'hello' }>,
  timers: LinkTimers,
): LinkStep {
  const { hello, now } = event
  if (state.publicKey === null || event.verifiedWith !== state.publicKey) {
    return refused(state, CloseCode.unauthorized, 'the key is not known')
  }
  if (hello.proto < oldestProtocol || hello.proto > protocolVersion + 1) {
    return refused(state, CloseCode.protocol, `protocol ${hello.proto} is not spoken here`)
  }
  if (hello.connNo <= state.connNo) return stale(state, hello)
  const isHolder = state.machineId === null || state.machineId === hello.machineId
  const isAdopted = !isHolder && mayTakeOver(state, hello.machineId)
  if (!isHolder && !isAdopted && isAlive(state, event, timers)) return duplicate(state, hello)
  const next: LinkState = {
    ...state,
    machineId: hello.machineId,
    bootNo: hello.bootNo,
    connNo: hello.connNo,
    epoch: state.epoch + 1,
    onlineSince: now,
    refused: isHolder ? state.refused : null,
    adopts: isHolder ? state.adopts : null,
  }
  const { agentVersion, proto, host, runtime } = hello
  return saved(next, [
    { type: 'close_others' },
    { type: 'welcome', epoch: next.epoch },
    report({ type: 'node.online', agentVersion, proto, host, runtime }),
  ])
}

function stale(state: LinkState, hello: Hello): LinkStep {
  const message =
    `An agent came with connection number ${hello.connNo}, but ${state.connNo} was seen already: ` +
    'its data directory is an older copy, or the connection was late.'
  const step = refused(state, CloseCode.stale, String(state.connNo))
  return { ...step, effects: [...step.effects, alert('restored_agent', message)] }
}

function duplicate(state: LinkState, hello: Hello): LinkStep {
  const message =
    `The machine ${hello.host.hostname} came with this node's key while another holds it. ` +
    'If it is to take over, adopt it.'
  const next = { ...state, refused: hello.machineId }
  return saved(next, [
    { type: 'refuse', code: CloseCode.duplicate, reason: 'another machine holds this node' },
    alert('cloned', message),
  ])
}

function onFrame(state: LinkState, socketEpoch: number, frameEpoch: number): LinkStep {
  const live = isLive(state, socketEpoch)
  if (live && frameEpoch === state.epoch) return same(state)
  const fence = { type: 'fence', epoch: frameEpoch, current: state.epoch } as const
  if (!live) return { state, effects: [fence] }
  const gone = offline(state, 'a frame of another epoch')
  return { ...gone, effects: [fence, ...gone.effects] }
}

function onKey(state: LinkState, publicKey: string | null): LinkStep {
  if (publicKey === state.publicKey) return same(state)
  const reason = publicKey === null ? 'the key was revoked' : 'the key was changed'
  // Another key is another data directory: its numbers start anew, the epoch does not.
  return saved({ ...noLink, publicKey, epoch: state.epoch }, [
    { type: 'close_agents', code: CloseCode.unauthorized, reason },
    ...(state.onlineSince === null ? [] : [report({ type: 'node.offline', reason })]),
  ])
}

function mayTakeOver(state: LinkState, machineId: string): boolean {
  if (state.adopts === null) return false
  return state.adopts.machineId === null || state.adopts.machineId === machineId
}

function isAlive(
  state: LinkState,
  event: { readonly heardAt: number | null; readonly now: number },
  timers: LinkTimers,
): boolean {
  if (state.onlineSince === null || event.heardAt === null) return false
  return event.now - event.heardAt <= timers.objectGivesUpAfter
}

function offline(state: LinkState, reason: string): LinkStep {
  return saved({ ...state, onlineSince: null }, [report({ type: 'node.offline', reason })])
}

function refused(state: LinkState, code: number, reason: string): LinkStep {
  return { state, effects: [{ type: 'refuse', code, reason }] }
}

function saved(link: LinkState, effects: readonly LinkEffect[] = []): LinkStep {
  return { state: link, effects: [{ type: 'save_link', link }, ...effects] }
}

function same(state: LinkState): LinkStep {
  return { state, effects: [] }
}
