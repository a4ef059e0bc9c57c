import type { OperationId, ServerId } from '../contract/ids.ts'
import type { ConsoleLine, ResourceSample } from '../contract/protocol/console.ts'
import type {
  FromAgent,
  HostFacts,
  LinkTimers,
  RuntimeFacts,
  ToAgent,
} from '../contract/protocol/frames.ts'
import type { Failure, Result } from '../contract/result.ts'
import type { CommandView } from '../contract/rpc.ts'
import type { CommandEffect } from './commands/draft.ts'
import type { CommandRow, CommandsState } from './commands/row.ts'
import { type CommandEvent, stepCommands } from './commands/step.ts'
import { type DesiredEffect, type DesiredEvent, type DesiredState, stepDesired } from './desired.ts'
import { send } from './effect.ts'
import { type LinkEffect, type LinkEvent, type LinkState, stepLink } from './link.ts'
import {
  type ObservedEffect,
  type ObservedEvent,
  type ObservedState,
  stepObserved,
} from './observed.ts'

/** Everything that the object's decisions rest on. */
export interface NodeStates {
  readonly link: LinkState
  readonly commands: CommandsState
  readonly desired: DesiredState
  readonly observed: ObservedState
}

/** What storage knows beyond the states: rows that are final, and what is only ever looked up. */
export interface Lookups {
  finishedCommand(id: OperationId): CommandRow | null
  waitIsKnown(id: OperationId): boolean
  exitIsKnown(serverId: ServerId, startNo: number): boolean
  /** The last console number that is kept of a server; 0: none. */
  newestLine(serverId: ServerId): number
  /** What the agent told last of host and engine, as JSON; null: nothing yet. */
  facts(): string | null
  /** Servers that browsers watch now. */
  watched(): readonly ServerId[]
}

/** What needs no decision: kept, shown, or handed on as it is. */
export type PlainEffect =
  | {
      readonly type: 'save_console'
      readonly serverId: ServerId
      readonly lines: readonly ConsoleLine[]
    }
  | { readonly type: 'save_samples'; readonly samples: readonly ResourceSample[] }
  | {
      readonly type: 'save_facts'
      readonly facts: { readonly host: HostFacts; readonly runtime: RuntimeFacts }
    }
  | { readonly type: 'node_changed'; readonly online: boolean }
  | { readonly type: 'reply'; readonly reply: Extract<FromAgent, { type: 'reply' }> }

export type Effect = LinkEffect | CommandEffect | DesiredEffect | ObservedEffect | PlainEffect

/**
 * One event's way through the cores: states as they become, effects in order. Pure; the shell writes the
 * effects in one transaction and acts on the rest after it. What one core decides, the others hear.
 */
export class Turn {
  readonly now: number
  readonly timers: LinkTimers
  readonly lookups: Lookups
  states: NodeStates
  readonly effects: Effect[] = []

  constructor(states: NodeStates, lookups: Lookups, timers: LinkTimers, now: number) {
    this.states = states
    this.lookups = lookups
    this.timers = timers
    this.now = now
  }

  link(event: LinkEvent): readonly LinkEffect[] {
    const before = this.states.link
    const { state, effects } = stepLink(before, event, this.timers)
    this.states = { ...this.states, link: state }
    this.effects.push(...effects)
    const wasOnline = before.onlineSince !== null
    const isOnline = state.onlineSince !== null
    if (wasOnline && !isOnline) {
      this.commands({ type: 'closed' })
      this.desired({ type: 'closed' })
    }
    if (wasOnline !== isOnline) this.effects.push({ type: 'node_changed', online: isOnline })
    return effects
  }

  commands(event: CommandEvent): void {
    const { state, effects } = stepCommands(this.states.commands, event)
    this.states = { ...this.states, commands: state }
    this.effects.push(...effects)
  }

  desired(event: DesiredEvent): void {
    const { state, effects } = stepDesired(this.states.desired, event)
    this.states = { ...this.states, desired: state }
    this.effects.push(...effects)
  }

  /** A server that is gone leaves its waits and its lane too. */
  observed(event: ObservedEvent): void {
    const { state, effects } = stepObserved(this.states.observed, event)
    this.states = { ...this.states, observed: state }
    this.effects.push(...effects)
    if (event.type !== 'report' || event.desired === null) return
    const { observed } = event
    const { now } = this
    if (effects.some((effect) => effect.type === 'drop_server')) {
      this.desired({ type: 'removed', serverId: observed.serverId, now })
      this.commands({ type: 'lane_gone', lane: observed.serverId, now })
    } else if (observed.state !== 'removed') this.desired({ type: 'observed', observed, now })
  }

  send(frame: ToAgent): void {
    this.effects.push(send(frame))
  }

  emit(...effects: Effect[]): void {
    this.effects.push(...effects)
  }

  /** What a `submit` or `cancel` of this turn is answered. */
  answer(): Result<CommandView> {
    for (const effect of this.effects) if (effect.type === 'answer') return effect.result
    return unanswered
  }
}

const unanswered: Failure = { ok: false, code: 'internal' }
