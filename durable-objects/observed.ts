import { assertNever } from '../contract/assert-never.ts'
import type { ServerId } from '../contract/ids.ts'
import type { DesiredServer, ObservedServer, ServerExit } from '../contract/protocol/spec.ts'
import { nextStates } from '../contract/rules/server-states.ts'
import { alert, type ReportEffect, report, type ShowEffect, show } from './effect.ts'

export interface ObservedRow {
  readonly observed: ObservedServer
  /** An impossible transition of this server was reported before. */
  readonly alerted: boolean
}

export interface ObservedState {
  /**
   * After a welcome every server is reported once, and what happened while nobody was connected was not:
   * until `observed_end` a state may follow any other [D3].
   */
  readonly catchingUp: boolean
  readonly servers: ReadonlyMap<ServerId, ObservedRow>
}

export const noObserved: ObservedState = { catchingUp: false, servers: new Map() }

export type ObservedEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'caught_up' }
  | {
      readonly type: 'report'
      readonly observed: ObservedServer
      /** This node's desired state of the server; null: the server is not this node's [N9]. */
      readonly desired: DesiredServer | null
      /** Storage holds the exit of this (serverId, startNo) already [D4]. */
      readonly exitKnown: boolean
    }

export type ObservedEffect =
  | { readonly type: 'save_observed'; readonly row: ObservedRow }
  | { readonly type: 'save_catching_up'; readonly catchingUp: boolean }
  | { readonly type: 'save_exit'; readonly serverId: ServerId; readonly exit: ServerExit }
  /** Everything kept of the server goes. */
  | { readonly type: 'drop_server'; readonly serverId: ServerId }
  | ReportEffect
  | ShowEffect

export interface ObservedStep {
  readonly state: ObservedState
  readonly effects: readonly ObservedEffect[]
}

/** Takes in what the node sees of its own servers: the node is the truth, even where it surprises [D3, D4]. */
export function stepObserved(state: ObservedState, event: ObservedEvent): ObservedStep {
  switch (event.type) {
    case 'opened':
      return catchUp(state, true)
    case 'caught_up':
      return catchUp(state, false)
    case 'report':
      return reported(state, event)
    default:
      return assertNever(event)
  }
}

function catchUp(state: ObservedState, catchingUp: boolean): ObservedStep {
  if (state.catchingUp === catchingUp) return { state, effects: [] }
  return { state: { ...state, catchingUp }, effects: [{ type: 'save_catching_up', catchingUp }] }
}

function reported(
  state: ObservedState,
  event: Extract<ObservedEvent, { type: 'report' }>,
): ObservedStep {
  const { observed, desired } = event
  if (desired === null) return { state, effects: [] }
  if (observed.state === 'removed') return removed(state, observed, desired)
  const before = state.servers.get(observed.serverId)
  if (before !== undefined && isSame(before.observed, observed)) return { state, effects: [] }
  const isWrong = before !== undefined && !state.catchingUp && !mayFollow(before.observed, observed)
  const row = { observed, alerted: isWrong || (before?.alerted ?? false) }
  const effects: ObservedEffect[] = [
    { type: 'save_observed', row },
    report({ type: 'server.observed', observed }),
    show(observed.serverId, { type: 'observed', observed }),
  ]
  if (observed.exit !== null && !event.exitKnown) {
    effects.push({ type: 'save_exit', serverId: observed.serverId, exit: observed.exit })
  }
  if (isWrong && !before.alerted) {
    const step = `from ${before.observed.state} to ${observed.state}`
    effects.push(
      alert('protocol', `Server ${observed.serverId} went ${step}, which is impossible.`),
    )
  }
  const servers = new Map(state.servers).set(observed.serverId, row)
  return { state: { ...state, servers }, effects }
}

/** Only a server that was to be removed is forgotten; otherwise an agent could delete what nobody deleted. */
function removed(
  state: ObservedState,
  observed: ObservedServer,
  desired: DesiredServer,
): ObservedStep {
  const { serverId } = observed
  if (!desired.removed) {
    const message = `The agent says that server ${serverId} is removed, which nobody asked for.`
    return { state, effects: [alert('protocol', message)] }
  }
  const servers = new Map(state.servers)
  servers.delete(serverId)
  return {
    state: { ...state, servers },
    effects: [
      report({ type: 'server.removed', serverId }),
      show(serverId, { type: 'observed', observed }),
      { type: 'drop_server', serverId },
    ],
  }
}

function mayFollow(before: ObservedServer, after: ObservedServer): boolean {
  return before.state === after.state || nextStates[before.state].includes(after.state)
}

/** Whether two reports say the same; only their time may differ. */
function isSame(one: ObservedServer, other: ObservedServer): boolean {
  return JSON.stringify({ ...one, at: '' }) === JSON.stringify({ ...other, at: '' })
}
