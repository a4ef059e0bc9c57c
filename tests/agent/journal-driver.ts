import {
  type Journal,
  type JournalEffect,
  type JournalEvent,
  stepJournal,
} from '../../agent/journal.ts'
import type { OperationId } from '../../contract/ids.ts'
import type { Command, CommandResult } from '../../contract/protocol/commands.ts'
import { newServerId } from '../support/server-fixtures.ts'

export const serverId = newServerId()
export const install: Command = { type: 'server.install', serverId, wipe: false }
export const input: Command = { type: 'console.input', serverId, line: 'say hi' }
export const done: CommandResult = { outcome: 'succeeded', code: null, message: null }

type Received = Extract<JournalEvent, { type: 'received' }>

export function command(id: OperationId, change: Partial<Received> = {}): Received {
  return {
    type: 'received',
    id,
    seq: 1,
    command: install,
    deadlineInMs: null,
    low: 1,
    mayHaveRun: false,
    ...change,
  }
}

/** A journal that is driven by events, with a clock that is set by hand. */
export function drive() {
  let state: Journal = { rows: new Map(), low: 1 }
  let clock = { now: 1000, bootId: 'boot-1' }
  const journal = {
    get state() {
      return state
    },
    happen(event: JournalEvent): readonly JournalEffect[] {
      const step = stepJournal(state, event, clock)
      state = step.state
      return step.effects
    },
    lanes(...busy: string[]) {
      return journal.happen({ type: 'lanes', busy: new Set(busy) })
    },
    at(now: number, bootId = 'boot-1') {
      clock = { now, bootId }
    },
  }
  return journal
}

export const kinds = (effects: readonly JournalEffect[]) => effects.map(({ type }) => type)
export const resultOf = (effects: readonly JournalEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'report_done' ? [effect.row.result] : []))[0]
