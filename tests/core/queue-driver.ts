import type { OperationId } from '../../contract/ids.ts'
import type { CommandOutcome } from '../../contract/protocol/commands.ts'
import type { ToAgent } from '../../contract/protocol/frames.ts'
import type { OperationReport, SubmitCommand } from '../../contract/rpc.ts'
import type { CommandEffect } from '../../durable-objects/commands/draft.ts'
import {
  type CommandRow,
  type CommandsState,
  noCommands,
} from '../../durable-objects/commands/row.ts'
import { type CommandEvent, stepCommands } from '../../durable-objects/commands/step.ts'
import { installOrder, operationNo, serverNo } from './examples.ts'

/** Drives the queue, keeping rows as storage would: what is final is looked up there. */
export class Queue {
  state: CommandsState = noCommands
  readonly rows = new Map<OperationId, CommandRow>()
  readonly sent: ToAgent[] = []
  readonly reports: OperationReport[] = []
  readonly alerts: string[] = []
  now = 0
  private made = 0

  run(event: CommandEvent): readonly CommandEffect[] {
    const { state, effects } = stepCommands(this.state, event)
    this.state = state
    for (const effect of effects) {
      if (effect.type === 'save_command') this.rows.set(effect.row.id, effect.row)
      if (effect.type === 'send') this.sent.push(effect.frame)
      if (effect.type !== 'report') continue
      if (effect.news.type === 'operation.changed') this.reports.push(effect.news.operation)
      if (effect.news.type === 'node.alert') this.alerts.push(effect.news.alert)
    }
    return effects
  }

  order(server: number, more: Partial<SubmitCommand> = {}): SubmitCommand {
    this.made += 1
    return installOrder(serverNo(server), { id: operationNo(this.made), ...more })
  }

  submit(order: SubmitCommand) {
    return this.answer({ type: 'submit', order, finished: this.finished(order.id), now: this.now })
  }

  cancel(id: OperationId) {
    return this.answer({ type: 'cancel', id, finished: this.finished(id), now: this.now })
  }

  open(epoch: number): void {
    this.run({ type: 'opened', epoch, now: this.now })
  }

  accept(id: OperationId): void {
    this.run({ type: 'accepted', id, seq: this.seqOf(id), now: this.now })
  }

  done(id: OperationId, outcome: CommandOutcome = 'succeeded'): void {
    const result = { outcome, code: null, message: null }
    this.run({ type: 'done', id, seq: this.seqOf(id), result, now: this.now })
  }

  progress(id: OperationId, percent: number, log: string[] = []) {
    const progress = { percent, bytes: null, message: null }
    return this.run({ type: 'progress', id, progress, log, now: this.now })
  }

  stateOf(id: OperationId): string | undefined {
    return this.rows.get(id)?.state
  }

  /** Ids of the command frames that left, oldest first. */
  commands(): OperationId[] {
    return this.sent.flatMap((frame) => (frame.type === 'command' ? [frame.id] : []))
  }

  statesOf(id: OperationId): string[] {
    return this.reports.filter((report) => report.id === id).map((report) => report.state)
  }

  private answer(event: CommandEvent) {
    for (const effect of this.run(event)) if (effect.type === 'answer') return effect.result
    throw new Error('no answer')
  }

  private finished(id: OperationId): CommandRow | null {
    const row = this.rows.get(id)
    return row === undefined || row.endedAt === null ? null : row
  }

  private seqOf(id: OperationId): number {
    return this.rows.get(id)?.seq ?? 0
  }
}
