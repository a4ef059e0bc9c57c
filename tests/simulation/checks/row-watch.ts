import type { OperationId, ServerId } from '../../../contract/ids.ts'
import type { ObservedServer } from '../../../contract/protocol/spec.ts'
import { laneAtMost, nodeAtMost } from '../../../durable-objects/commands/from-panel.ts'
import type { CommandRow } from '../../../durable-objects/commands/row.ts'
import { deliveriesAtMost, window } from '../../../durable-objects/commands/sending.ts'
import type { LinkState } from '../../../durable-objects/link.ts'
import type { ObservedRow } from '../../../durable-objects/observed.ts'
import { compareVersions, type Wait } from '../../../durable-objects/waiting.ts'
import type { Evidence } from '../evidence.ts'
import type { Value } from '../platform/shared-database.ts'
import type { SimulatedStorage } from '../platform/storage.ts'

type Kept = Omit<CommandRow, 'log'>

/** Tables that only the live agent's word may change. */
const fromAgent = ['commands', 'observed', 'exits', 'console', 'samples']

/**
 * Reads along what an object writes, and holds the rules that concern its rows at each moment: what is final
 * stays, numbers stay, one command per lane is on the wire and it is the lane's first, epochs only grow.
 */
export class RowWatch {
  /** As the object sees them, committed or not. */
  readonly rows = new Map<OperationId, Kept>()
  link: LinkState | null = null
  /** Another machine was let in, which makes the panel's own knowledge of what was done incomplete. */
  takenOver = false
  /** Whether the node's own agent has a connection that works. */
  isHolderThere: () => boolean = () => false
  /** Commands of its own that the agent has lied about. */
  readonly lied = new Set<OperationId>()
  /** What was last kept of each server. */
  private readonly observed = new Map<ServerId, ObservedServer>()
  /** Writes to tables of the agent's, so far. */
  writes = 0
  private safeLink: LinkState | null = null
  /** How to go back to the last commit, newest last; and where the turn under way began. */
  private undo: (() => void)[] = []
  private turnFrom = 0
  private readonly record: Evidence

  constructor(storage: SimulatedStorage, record: Evidence) {
    this.record = record
    storage.onWrite = (text, bindings) => this.wrote(text, bindings)
    storage.onCommit = () => {
      this.checkWire()
      this.checkEpoch()
      this.safeLink = this.link
      this.undo = []
    }
    storage.onTurn = () => {
      this.turnFrom = this.undo.length
    }
    storage.onUndo = () => this.backTo(this.turnFrom)
    storage.onLoss = () => {
      record.saw('object.lost_a_turn')
      this.backTo(0)
    }
  }

  private wrote(text: string, bindings: readonly Value[]): void {
    const table = /(?:INTO|FROM) (\w+)/.exec(text)?.[1] ?? ''
    if (fromAgent.includes(table)) this.writes += 1
    if (table === 'facts' && bindings[0] === 'link') this.changed(parsed<LinkState>(bindings[1]))
    if (table === 'outbox' && text.startsWith('DELETE FROM outbox WHERE thing')) return
    if (!text.startsWith('INSERT')) return
    if (table === 'observed') this.saw(parsed<ObservedRow>(bindings[1]))
    if (table === 'waits') this.checkWait(parsed<Wait>(bindings[3]))
    if (table !== 'commands') return
    this.checkRow(parsed<Kept>(bindings[3]))
  }

  private backTo(mark: number): void {
    for (const back of this.undo.splice(mark).reverse()) back()
  }

  private changed(link: LinkState): void {
    const before = this.link
    this.undo.push(() => {
      this.link = before
    })
    this.link = link
    if (link.machineId === 'machine-2') this.takeOver(before)
    if (before !== null && before.onlineSince !== null && link.onlineSince === null) {
      this.record.saw('link.went_offline')
    }
  }

  /** [N3] Not while the holder is there, as far as the object's clock lets it know. */
  private takeOver(before: LinkState | null): void {
    const mayBeMistaken = this.record.seen.has('fault.object_clock_jumps')
    const wasOnline = before?.machineId === 'machine-1' && before.onlineSince !== null
    if (wasOnline && this.isHolderThere() && !mayBeMistaken) {
      this.record.breaks('N3', 'another machine was let in while the holder is there')
    }
    this.takenOver = true
  }

  private saw({ observed }: ObservedRow): void {
    this.observed.set(observed.serverId, observed)
  }

  /** [D1] What waits for a generation does not end well before it was seen. */
  private checkWait(wait: Wait): void {
    if (wait.state !== 'succeeded' || wait.kind === 'delete') return
    const seen = this.observed.get(wait.serverId)
    if (seen === undefined || compareVersions(seen, wait) < 0) {
      this.record.breaks('I5', `${wait.kind} ${wait.id} succeeded before its generation was seen`)
    }
  }

  private checkRow(row: Kept): void {
    const before = this.rows.get(row.id)
    this.rows.set(row.id, row)
    this.undo.push(() => {
      if (before === undefined) this.rows.delete(row.id)
      else this.rows.set(row.id, before)
    })
    if (row.deliveries > deliveriesAtMost && row.state === 'sent') {
      this.record.breaks('Q10', `${row.id} was sent in ${row.deliveries} epochs`)
    }
    if (before === undefined) return
    if (before.seq !== row.seq) this.record.breaks('I8', `${row.id} changed its number`)
    if (before.endedAt !== null && before.state !== row.state) {
      this.record.breaks('I2', `${row.id} was ${before.state} and became ${row.state}`)
    }
    if (before.state === 'accepted' && row.state === 'sent') {
      this.record.breaks('I2', `${row.id} went back from accepted to sent`)
    }
  }

  /** One command per lane, the first of it, and no more than the window holds. */
  private checkWire(): void {
    const seen = new Map<ServerId, number>()
    let onWire = 0
    const open = [...this.rows.values()].filter(({ endedAt }) => endedAt === null)
    for (const row of open.sort((one, other) => one.seq - other.seq)) {
      const lane = row.command.serverId
      const isOnWire = row.state === 'sent' || row.state === 'accepted'
      if (isOnWire && seen.has(lane))
        this.record.breaks('I3', `${row.id} is on the wire out of turn`)
      if (isOnWire) onWire += 1
      seen.set(lane, (seen.get(lane) ?? 0) + 1)
    }
    if (onWire === window && seen.size > window) this.record.saw('queue.window_full')
    const deepest = Math.max(0, ...seen.values())
    if (deepest > laneAtMost || open.length > nodeAtMost) {
      this.record.breaks('I6', `${deepest} commands are open in one lane, ${open.length} in all`)
    }
    if (onWire > window) this.record.breaks('I6', `${onWire} commands are on the wire`)
  }

  private checkEpoch(): void {
    const before = this.safeLink
    if (before === null || this.link === null) return
    if (this.link.epoch < before.epoch) this.record.breaks('I4', 'the epoch went back')
    const { publicKey, machineId, connNo } = this.link
    const isSameAgent = publicKey === before.publicKey && machineId === before.machineId
    if (isSameAgent && connNo < before.connNo) {
      this.record.breaks('I4', `connection ${connNo} was let in after ${before.connNo}`)
    }
    const isSame = this.link.epoch === before.epoch && before.onlineSince !== null
    if (isSame && this.link.onlineSince !== null && this.link.connNo !== before.connNo) {
      this.record.breaks('I4', 'two connections have one epoch')
    }
  }
}

/** A value that the object itself has written as JSON. */
function parsed<T>(text: Value | undefined): T {
  return JSON.parse(String(text)) as T
}
