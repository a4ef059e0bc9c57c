import type { OperationId } from '../../contract/ids.ts'
import type { Result } from '../../contract/result.ts'
import type { CommandView } from '../../contract/rpc.ts'
import { type ReportEffect, type SendEffect, type ShowEffect, send } from '../effect.ts'
import { reportOf, showOf } from './operation-report.ts'
import { type CommandRow, type CommandsState, lowOf } from './row.ts'

export type CommandEffect =
  | { readonly type: 'save_command'; readonly row: CommandRow; readonly logChanged: boolean }
  | { readonly type: 'save_next_seq'; readonly nextSeq: number }
  | { readonly type: 'answer'; readonly result: Result<CommandView> }
  | ReportEffect
  | SendEffect
  | ShowEffect

export interface CommandStep {
  readonly state: CommandsState
  readonly effects: readonly CommandEffect[]
}

/** One step in the making: the old state is left alone, and each row that changed is saved once. */
export class CommandsDraft {
  readonly before: CommandsState
  epoch: number | null
  nextSeq: number
  open: ReadonlyMap<OperationId, CommandRow>
  private copy: Map<OperationId, CommandRow> | null = null
  private readonly changed = new Map<OperationId, { row: CommandRow; logChanged: boolean }>()
  private readonly effects: CommandEffect[] = []

  constructor(before: CommandsState) {
    this.before = before
    this.epoch = before.epoch
    this.nextSeq = before.nextSeq
    this.open = before.open
  }

  /** Keeps an open row. A new one must have the highest `seq`, for the map is in that order. */
  put(row: CommandRow, logChanged = false): void {
    this.writable().set(row.id, row)
    this.note(row, logChanged)
  }

  /** Takes a row out because it is final, and tells so. */
  settle(row: CommandRow): void {
    this.writable().delete(row.id)
    this.note(row, false)
    this.tell(row)
  }

  tell(row: CommandRow): void {
    this.effects.push(reportOf(row), showOf(row))
  }

  /** Tells only whoever watches. */
  show(row: CommandRow): void {
    this.effects.push(showOf(row))
  }

  emit(...effects: CommandEffect[]): void {
    this.effects.push(...effects)
  }

  finish(): CommandStep {
    const { before, epoch, nextSeq, open } = this
    const isSame = epoch === before.epoch && nextSeq === before.nextSeq && open === before.open
    const state = isSame ? before : { epoch, nextSeq, open }
    return { state, effects: [...this.saves(), ...this.effects, ...this.lowFrame(state)] }
  }

  private writable(): Map<OperationId, CommandRow> {
    if (this.copy === null) {
      this.copy = new Map(this.open)
      this.open = this.copy
    }
    return this.copy
  }

  private note(row: CommandRow, logChanged: boolean): void {
    const earlier = this.changed.get(row.id)?.logChanged ?? false
    this.changed.set(row.id, { row, logChanged: logChanged || earlier })
  }

  private saves(): CommandEffect[] {
    const saves: CommandEffect[] = []
    for (const change of this.changed.values()) saves.push({ type: 'save_command', ...change })
    if (this.nextSeq !== this.before.nextSeq) {
      saves.push({ type: 'save_next_seq', nextSeq: this.nextSeq })
    }
    return saves
  }

  /** The agent learns `low` from any command frame; when none leaves, a frame of its own tells it [Q5]. */
  private lowFrame(state: CommandsState): CommandEffect[] {
    const low = lowOf(state)
    if (state.epoch === null || low === lowOf(this.before)) return []
    const told = this.effects.some(
      (effect) =>
        effect.type === 'send' && effect.frame.type === 'command' && effect.frame.low === low,
    )
    return told ? [] : [send({ type: 'low', epoch: state.epoch, low })]
  }
}
