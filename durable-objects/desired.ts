import { assertNever } from '../contract/assert-never.ts'
import type { OperationId, ServerId } from '../contract/ids.ts'
import { desiredDigest } from '../contract/protocol/digest.ts'
import type { DesiredServer, ObservedServer } from '../contract/protocol/spec.ts'
import type { DesiredPull, DesiredPush } from '../contract/rpc.ts'
import { type ReportEffect, type SendEffect, type ShowEffect, send } from './effect.ts'
import {
  compareVersions,
  goneVerdict,
  newWait,
  overruledBy,
  replacedBy,
  toldOf,
  type Verdict,
  verdictOf,
  type Wait,
} from './waiting.ts'

/** The last version of a server that is gone: a late push of it must not bring it back. */
export type Gone = Pick<DesiredServer, 'serverId' | 'incarnation' | 'generation'>

export interface DesiredState {
  /** Of the live link; null while there is none. */
  readonly epoch: number | null
  /** Every change of the node up to this one is known [L3]. */
  readonly revision: number
  readonly servers: ReadonlyMap<ServerId, DesiredServer>
  readonly gone: ReadonlyMap<ServerId, Gone>
  /** Operations that wait, oldest first. */
  readonly waits: ReadonlyMap<OperationId, Wait>
}

export const noDesired: DesiredState = {
  epoch: null,
  revision: 0,
  servers: new Map(),
  gone: new Map(),
  waits: new Map(),
}

export type DesiredEvent =
  /** `digest` is that of the states the agent keeps. */
  | { readonly type: 'opened'; readonly epoch: number; readonly digest: string }
  | { readonly type: 'closed' }
  /** `waitKnown`: storage holds a wait of the push's operation, open or ended. */
  | {
      readonly type: 'push'
      readonly push: DesiredPush
      readonly waitKnown: boolean
      readonly now: number
    }
  /** The answer to a pull of what is newer than `asked`; its pushes follow as events of their own. */
  | { readonly type: 'pulled'; readonly asked: number; readonly pull: DesiredPull }
  | { readonly type: 'observed'; readonly observed: ObservedServer; readonly now: number }
  /** The server is gone from the node; forget it. */
  | { readonly type: 'removed'; readonly serverId: ServerId; readonly now: number }

export type DesiredEffect =
  | { readonly type: 'save_desired'; readonly server: DesiredServer }
  | { readonly type: 'save_revision'; readonly revision: number }
  | { readonly type: 'save_gone'; readonly gone: Gone; readonly now: number }
  | { readonly type: 'save_wait'; readonly wait: Wait }
  | { readonly type: 'pull' }
  /** Who watches may have lost the right to: their sockets close, and the Worker lets in who still may. */
  | { readonly type: 'close_watchers'; readonly serverId: ServerId; readonly reason: string }
  | ReportEffect
  | SendEffect
  | ShowEffect

export interface DesiredStep {
  readonly state: DesiredState
  readonly effects: readonly DesiredEffect[]
}

/** Keeps what should exist on the node and ends the operations that wait for it [D1, L3]. */
export function stepDesired(state: DesiredState, event: DesiredEvent): DesiredStep {
  switch (event.type) {
    case 'opened':
      return opened(state, event.epoch, event.digest)
    case 'closed':
      return { state: { ...state, epoch: null }, effects: [] }
    case 'push':
      return pushed(state, event.push, event.waitKnown, event.now)
    case 'pulled':
      return pulled(state, event.asked, event.pull.revision)
    case 'observed': {
      const { observed, now } = event
      return endWaits(state, observed.serverId, now, (wait) => ({
        verdict: verdictOf(wait, observed),
        reached: compareVersions(observed, wait) >= 0,
      }))
    }
    case 'removed':
      return removed(state, event.serverId, event.now)
    default:
      return assertNever(event)
  }
}

/** Names the set of desired states, as the agent does with its own [D1]. */
export function digestOf(state: DesiredState): string {
  return desiredDigest(state.servers.values())
}

/** The newest incarnation of the panel that a state came from. */
export function incarnationOf(state: DesiredState): number {
  let newest = 0
  for (const server of state.servers.values()) newest = Math.max(newest, server.incarnation)
  return newest
}

function opened(before: DesiredState, epoch: number, theirs: string): DesiredStep {
  const state = { ...before, epoch }
  const digest = digestOf(state)
  if (digest === theirs) return { state, effects: [] }
  const all = Array.from(state.servers.values(), (server) =>
    send({ type: 'desired', epoch, server }),
  )
  return { state, effects: [...all, send({ type: 'desired_end', epoch, digest })] }
}

function pushed(
  before: DesiredState,
  push: DesiredPush,
  waitKnown: boolean,
  now: number,
): DesiredStep {
  const { server } = push
  const effects: DesiredEffect[] = []
  let state = before
  if (push.revision === state.revision + 1) {
    state = { ...state, revision: push.revision }
    effects.push({ type: 'save_revision', revision: push.revision })
  } else if (push.revision > state.revision) effects.push({ type: 'pull' })
  if (isNewer(state, server)) {
    state = { ...state, servers: new Map(state.servers).set(server.serverId, server) }
    effects.push({ type: 'save_desired', server })
    const wasSuspended = before.servers.get(server.serverId)?.suspended ?? false
    if (server.suspended && !wasSuspended) {
      const reason = 'the server was suspended'
      effects.push({ type: 'close_watchers', serverId: server.serverId, reason })
    }
    if (state.epoch !== null) effects.push(send({ type: 'desired', epoch: state.epoch, server }))
    const overruled = endWaits(state, server.serverId, now, (wait) => ({
      verdict: overruledBy(wait, server) ?? replacedBy(wait, push),
      reached: false,
    }))
    state = overruled.state
    effects.push(...overruled.effects)
  }
  if (push.waiting === null || waitKnown) return { state, effects }
  const taken = takeWait(state, newWait(server, push.waiting, now), now)
  return { state: taken.state, effects: [...effects, ...taken.effects] }
}

/** Takes an operation in, which may come so late that it is over already. */
function takeWait(state: DesiredState, wait: Wait, now: number): DesiredStep {
  const newest = state.servers.get(wait.serverId)
  const over = newest === undefined ? goneVerdict(wait) : overruledBy(wait, newest)
  if (over !== null) {
    const ended = { ...wait, ...over, endedAt: now }
    return { state, effects: [{ type: 'save_wait', wait: ended }, ...toldOf(ended)] }
  }
  const waits = new Map(state.waits).set(wait.id, wait)
  return { state: { ...state, waits }, effects: [{ type: 'save_wait', wait }, ...toldOf(wait)] }
}

function pulled(state: DesiredState, asked: number, revision: number): DesiredStep {
  // The panel's database went back to an older copy: its numbers say nothing any more, so ask for all.
  if (revision < asked) {
    const effects = [{ type: 'save_revision', revision: 0 }, { type: 'pull' }] as const
    return { state: { ...state, revision: 0 }, effects }
  }
  if (revision <= state.revision) return { state, effects: [] }
  return { state: { ...state, revision }, effects: [{ type: 'save_revision', revision }] }
}

function removed(before: DesiredState, serverId: ServerId, now: number): DesiredStep {
  const server = before.servers.get(serverId)
  if (server === undefined) return { state: before, effects: [] }
  const ended = endWaits(before, serverId, now, (wait) => ({
    verdict: goneVerdict(wait),
    reached: false,
  }))
  const { incarnation, generation } = server
  const gone = { serverId, incarnation, generation }
  const servers = new Map(ended.state.servers)
  servers.delete(serverId)
  return {
    state: { ...ended.state, servers, gone: new Map(ended.state.gone).set(serverId, gone) },
    effects: [...ended.effects, { type: 'save_gone', gone, now }],
  }
}

function isNewer(state: DesiredState, server: DesiredServer): boolean {
  const known = state.servers.get(server.serverId) ?? state.gone.get(server.serverId)
  return known === undefined || compareVersions(server, known) > 0
}

interface Judged {
  readonly verdict: Verdict | null
  /** The node has taken the wait's version in. */
  readonly reached: boolean
}

function endWaits(
  state: DesiredState,
  serverId: ServerId,
  now: number,
  judge: (wait: Wait) => Judged,
): DesiredStep {
  const waits = new Map(state.waits)
  const effects: DesiredEffect[] = []
  for (const wait of state.waits.values()) {
    if (wait.serverId !== serverId) continue
    const { verdict, reached } = judge(wait)
    if (verdict !== null) {
      const ended = { ...wait, ...verdict, endedAt: now }
      waits.delete(wait.id)
      effects.push({ type: 'save_wait', wait: ended }, ...toldOf(ended))
    } else if (reached && wait.state === 'queued') {
      const running = { ...wait, state: 'running', startedAt: now } as const
      waits.set(wait.id, running)
      effects.push({ type: 'save_wait', wait: running }, ...toldOf(running))
    }
  }
  return effects.length === 0 ? { state, effects } : { state: { ...state, waits }, effects }
}
