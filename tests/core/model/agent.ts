import type { OperationId, ServerId } from '../../../contract/ids.ts'
import {
  type CommandOutcome,
  type CommandType,
  commandRules,
} from '../../../contract/protocol/commands.ts'
import type { FromAgent, ToAgent } from '../../../contract/protocol/frames.ts'
import type { Random } from './random.ts'

interface JournalRow {
  readonly id: OperationId
  readonly seq: number
  readonly lane: ServerId
  readonly type: CommandType
  readonly startBy: number
  state: 'accepted' | 'started' | 'done'
  outcome: CommandOutcome | null
}

/** What really happened on the node, which no crash undoes. */
export interface Effects {
  readonly started: Map<OperationId, number>
  readonly startOrder: { readonly id: OperationId; readonly lane: ServerId; readonly seq: number }[]
}

/** An agent as PROTOCOL.md asks for it [Q4 to Q6], with its journal on a disk that survives a crash. */
export class ModelAgent {
  readonly effects: Effects = { started: new Map(), startOrder: [] }
  readonly faults: string[] = []
  connNo = 0
  private readonly journal = new Map<OperationId, JournalRow>()
  private low = 1
  private readonly random: Random

  constructor(random: Random) {
    this.random = random
  }

  /** Reads one frame and answers with what it has to say in this epoch. */
  read(frame: ToAgent, epoch: number, now: number): FromAgent[] {
    switch (frame.type) {
      case 'welcome':
      case 'low':
        this.prune(frame.low)
        return []
      case 'command':
        this.prune(frame.low)
        return this.command(frame, epoch, now)
      case 'cancel':
        return this.cancel(frame.id, epoch)
      default:
        return []
    }
  }

  /** Does one piece of work, and tells of it when there is a link. */
  work(epoch: number | null, now: number): FromAgent[] {
    const row = this.random.pick(this.heads())
    if (row === undefined) return []
    if (row.state === 'accepted' && now > row.startBy) return this.end(row, 'expired', epoch)
    if (row.state === 'accepted') {
      this.start(row, now)
      return []
    }
    if (this.random.chance(0.3) && epoch !== null) {
      const progress = { percent: this.random.below(100), bytes: null, message: null }
      return [{ type: 'progress', epoch, id: row.id, progress, log: ['working'] }]
    }
    return this.end(row, this.random.chance(0.1) ? 'failed' : 'succeeded', epoch)
  }

  /** Ends the process; at its next start what had begun is settled before anything else [Q6]. */
  crash(): void {
    for (const row of this.journal.values()) {
      if (row.state !== 'started') continue
      const isOnce = commandRules[row.type].repeat === 'once'
      this.end(row, isOnce ? 'indeterminate' : 'succeeded', null)
    }
  }

  hasWork(): boolean {
    return this.heads().length > 0
  }

  private command(
    frame: Extract<ToAgent, { type: 'command' }>,
    epoch: number,
    now: number,
  ): FromAgent[] {
    const { id, seq, command, deadlineInMs } = frame
    if (seq < this.low) return []
    const known = this.journal.get(id)
    if (known !== undefined && known.seq !== seq) this.faults.push(`${id} came with two numbers`)
    if (known === undefined) {
      this.journal.set(id, {
        id,
        seq,
        lane: command.serverId,
        type: command.type,
        startBy: deadlineInMs === null ? Number.POSITIVE_INFINITY : now + deadlineInMs,
        state: 'accepted',
        outcome: null,
      })
    }
    const accepted: FromAgent = { type: 'accepted', epoch, id, seq }
    return known?.state === 'done' ? [accepted, ...this.told(known, epoch)] : [accepted]
  }

  private cancel(id: OperationId, epoch: number): FromAgent[] {
    const row = this.journal.get(id)
    if (row?.state === 'done') return this.told(row, epoch)
    return row?.state === 'accepted' ? this.end(row, 'cancelled', epoch) : []
  }

  private start(row: JournalRow, now: number): void {
    if (now > row.startBy) this.faults.push(`${row.id} started after its deadline`)
    row.state = 'started'
    this.effects.started.set(row.id, (this.effects.started.get(row.id) ?? 0) + 1)
    this.effects.startOrder.push({ id: row.id, lane: row.lane, seq: row.seq })
  }

  private end(row: JournalRow, outcome: CommandOutcome, epoch: number | null): FromAgent[] {
    row.state = 'done'
    row.outcome = outcome
    return epoch === null ? [] : this.told(row, epoch)
  }

  private told({ id, seq, outcome }: JournalRow, epoch: number): FromAgent[] {
    if (outcome === null) return []
    return [{ type: 'done', epoch, id, seq, result: { outcome, code: null, message: null } }]
  }

  private prune(low: number): void {
    this.low = Math.max(this.low, low)
    for (const row of this.journal.values()) {
      if (row.seq >= this.low) continue
      if (row.state !== 'done')
        this.faults.push(`low ${low} passed ${row.id}, which is ${row.state}`)
      this.journal.delete(row.id)
    }
  }

  /** Per lane the lowest number that is not done. */
  private heads(): JournalRow[] {
    const heads = new Map<ServerId, JournalRow>()
    for (const row of this.journal.values()) {
      if (row.state === 'done') continue
      const head = heads.get(row.lane)
      if (head === undefined || row.seq < head.seq) heads.set(row.lane, row)
    }
    return [...heads.values()]
  }
}
