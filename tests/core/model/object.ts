import type { OperationId, ServerId } from '../../../contract/ids.ts'
import { linkTimers } from '../../../contract/protocol/frames.ts'
import {
  type CommandRow,
  type CommandsState,
  isOnWire,
  laneOf,
} from '../../../durable-objects/commands/row.ts'
import { window } from '../../../durable-objects/commands/sending.ts'
import { noDesired } from '../../../durable-objects/desired.ts'
import { type LinkState, noLink } from '../../../durable-objects/link.ts'
import { noObserved } from '../../../durable-objects/observed.ts'
import { type Effect, type Lookups, type NodeStates, Turn } from '../../../durable-objects/turn.ts'

export const modelKey = 'key'

/** The object's cores over a disk that survives a crash; what it breaks is noted in `faults`. */
export class ModelObject implements Lookups {
  readonly rows = new Map<OperationId, CommandRow>()
  /** The last state of each operation that the outbox was given. */
  readonly reported = new Map<OperationId, string>()
  readonly faults: string[] = []
  private link: LinkState = { ...noLink, publicKey: modelKey }
  private nextSeq = 1
  private states: NodeStates = this.load()

  /** Runs one turn and commits it; the effects are for the caller to act on, or to lose. */
  turn(now: number, body: (turn: Turn) => void): Turn {
    const turn = new Turn(this.states, this, linkTimers, now)
    body(turn)
    for (const effect of turn.effects) this.commit(effect)
    this.states = turn.states
    this.check()
    return turn
  }

  /** Loses the memory; every socket is gone with it. */
  crash(now: number): void {
    this.states = this.load()
    this.turn(now, (turn) => turn.link({ type: 'tick', heardAt: null, now }))
  }

  epoch(): number {
    return this.states.link.epoch
  }

  commandsState(): CommandsState {
    return this.states.commands
  }

  openCount(): number {
    return this.states.commands.open.size
  }

  finishedCommand(id: OperationId): CommandRow | null {
    const row = this.rows.get(id)
    return row === undefined || row.endedAt === null ? null : row
  }

  waitIsKnown(): boolean {
    return false
  }

  exitIsKnown(): boolean {
    return false
  }

  newestLine(): number {
    return 0
  }

  facts(): string | null {
    return null
  }

  watched(): readonly ServerId[] {
    return []
  }

  private commit(effect: Effect): void {
    if (effect.type === 'save_link') {
      if (effect.link.epoch < this.link.epoch) this.faults.push('the epoch went back')
      this.link = effect.link
    }
    if (effect.type === 'save_next_seq') this.nextSeq = effect.nextSeq
    if (effect.type === 'report' && effect.news.type === 'operation.changed') {
      this.reported.set(effect.news.operation.id, effect.news.operation.state)
    }
    if (effect.type !== 'save_command') return
    const { row } = effect
    const before = this.rows.get(row.id)
    if (before !== undefined && before.endedAt !== null) {
      this.faults.push(`${row.id} was ${before.state} and became ${row.state}`)
    }
    if (before !== undefined && before.seq !== row.seq)
      this.faults.push(`${row.id} changed its seq`)
    this.rows.set(row.id, row)
  }

  /** One command per lane on the wire, the lowest of its lane, and at most a window of them. */
  private check(): void {
    const lanes = new Set<ServerId>()
    let onWire = 0
    for (const row of this.states.commands.open.values()) {
      const lane = laneOf(row)
      if (isOnWire(row)) {
        onWire += 1
        if (lanes.has(lane)) this.faults.push(`${row.id} is on the wire out of turn`)
      }
      lanes.add(lane)
    }
    if (onWire > window) this.faults.push(`${onWire} commands are on the wire`)
  }

  private load(): NodeStates {
    const open = [...this.rows.values()]
      .filter((row) => row.endedAt === null)
      .sort((one, other) => one.seq - other.seq)
    return {
      link: this.link,
      commands: {
        epoch: this.link.onlineSince === null ? null : this.link.epoch,
        nextSeq: this.nextSeq,
        open: new Map(open.map((row) => [row.id, row])),
      },
      desired: noDesired,
      observed: noObserved,
    }
  }
}
