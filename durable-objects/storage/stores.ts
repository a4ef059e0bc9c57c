import { noLink } from '../link.ts'
import type { NodeStates } from '../turn.ts'
import { CommandRows } from './command-rows.ts'
import { ConsoleChunks } from './console-chunks.ts'
import { DesiredRows } from './desired-rows.ts'
import { FactRows } from './fact-rows.ts'
import { ObservedRows } from './observed-rows.ts'
import { OutboxRows } from './outbox-rows.ts'
import { WakeTable } from './wake-table.ts'

/** The object's tables, each behind the few questions that are asked of it. */
export class Stores {
  readonly facts: FactRows
  readonly commands: CommandRows
  readonly desired: DesiredRows
  readonly observed: ObservedRows
  readonly console: ConsoleChunks
  readonly outbox: OutboxRows
  readonly wakes: WakeTable

  constructor(storage: DurableObjectStorage) {
    const { sql } = storage
    this.facts = new FactRows(sql)
    this.commands = new CommandRows(sql)
    this.desired = new DesiredRows(sql)
    this.observed = new ObservedRows(sql)
    this.console = new ConsoleChunks(sql)
    this.outbox = new OutboxRows(sql)
    this.wakes = new WakeTable(storage)
  }

  /** Builds the states that the cores work on, as the last committed turn left them. */
  load(): NodeStates {
    const link = this.facts.get('link') ?? noLink
    const epoch = link.onlineSince === null ? null : link.epoch
    return {
      link,
      commands: {
        epoch,
        nextSeq: this.facts.get('nextSeq') ?? 1,
        open: this.commands.open(),
      },
      desired: {
        epoch,
        revision: this.facts.get('revision') ?? 0,
        servers: this.desired.servers(),
        gone: this.desired.gone(),
        waits: this.desired.openWaits(),
      },
      observed: {
        catchingUp: this.facts.get('catchingUp') ?? false,
        servers: this.observed.servers(),
      },
    }
  }
}
