import type { JournalRow } from '../../../agent/journal.ts'
import type { ContainerView } from '../../../agent/runtime/runtime.ts'
import type { OperationId } from '../../../contract/ids.ts'
import { commandRules } from '../../../contract/protocol/commands.ts'
import type { Evidence } from '../evidence.ts'
import type { Machine } from '../machine/machine.ts'

/**
 * Journal rows that an agent may hold: what is on the wire, and what was settled while an older command of
 * another lane went on.
 */
const journalAtMost = 300

/** Holds what an agent's journal says against what was delivered to it [I1, I3, I6, I7]. */
export class JournalWatch {
  /** How often each command was started, over all journals. */
  readonly starts = new Map<OperationId, number>()
  /** Starts that the agent has asked to end, as `server startNo`. */
  readonly stopped = new Set<string>()
  private startBy = new Map<string, number>()
  /** Told and not in the journal yet, where it may never come to. */
  private readonly told = new Map<string, number>()
  private readonly machine: Machine
  private readonly record: Evidence

  constructor(machine: Machine, record: Evidence) {
    this.machine = machine
    this.record = record
    machine.watchJournal = (row) => this.wrote(row)
    machine.onFrame = (text) => this.delivered(text)
    machine.engine.onStop = (view) => this.asked(view)
    machine.engine.onForget = (view) => this.undone(view)
  }

  /** The agent notes that it stops a server before it does; who types the same line at a console need not. */
  private asked({ marks: { role, serverId, startNo } }: ContainerView): void {
    const stop = this.machine.disk.database?.servers.get(serverId)?.stop ?? null
    if (role === 'server' && stop !== null) this.stopped.add(`${serverId} ${startNo}`)
  }

  /** With the journal the deadlines are gone; what comes again brings its own. */
  lost(): void {
    this.startBy = new Map()
  }

  /** An installation whose container goes before its end was noted is undone, and may be done again. */
  private undone({ marks, exit }: ContainerView): void {
    const { serverId, role, commandId } = marks
    if (role !== 'install' || commandId === null || exit?.code !== 0) return
    const noted = this.machine.disk.database?.servers.get(serverId)?.install?.commandId
    if (noted !== commandId) this.machine.engine.deedsOf(commandId).installed -= 1
  }

  /** Deadlines count from when they arrive, on the clock of this boot. */
  private delivered(text: string): void {
    if (!text.startsWith('{"type":"command"')) return
    const { id, deadlineInMs } = parsed(text)
    if (this.starts.has(id)) this.record.saw('command.came_again_after_start')
    if (deadlineInMs === null) return
    const key = `${this.machine.bootId} ${id}`
    this.told.set(key, this.machine.monotonic() + deadlineInMs)
  }

  private accepted({ id }: JournalRow): void {
    const key = `${this.machine.bootId} ${id}`
    const by = this.told.get(key) ?? Number.POSITIVE_INFINITY
    this.startBy.set(key, Math.min(by, this.startBy.get(key) ?? Number.POSITIVE_INFINITY))
  }

  private wrote(row: JournalRow): void {
    const journal = this.machine.disk.database?.journal
    if (journal !== undefined && journal.size > journalAtMost) {
      this.record.breaks('I6', `the journal holds ${journal.size} rows`)
    }
    if (row.phase === 'accepted') this.accepted(row)
    if (row.phase === 'settled') this.settled(row)
    if (row.phase === 'started') this.started(row)
  }

  private started(row: JournalRow): void {
    const { id, starts, command } = row
    this.starts.set(id, (this.starts.get(id) ?? 0) + 1)
    if (starts > 1) this.record.saw('command.started_again')
    if (starts > 3) this.record.breaks('Q6', `${id} was started ${starts} times`)
    if (starts > 1 && commandRules[command.type].repeat === 'once') {
      this.record.breaks('I1', `${id} may run once and was started ${starts} times`)
    }
    const by = this.startBy.get(`${this.machine.bootId} ${id}`)
    if (starts === 1 && by !== undefined && this.machine.monotonic() >= by) {
      this.record.breaks('I7', `${id} was started after its deadline`)
    }
    for (const other of this.machine.disk.database?.journal.values() ?? []) {
      if (other.id === id || other.command.serverId !== command.serverId) continue
      if (other.phase === 'started') this.record.breaks('I3', `${id} started beside ${other.id}`)
      if (other.phase === 'accepted' && other.seq < row.seq) {
        this.record.breaks('I3', `${id} started before ${other.id}`)
      }
    }
  }

  private settled({ result, starts }: JournalRow): void {
    if (result?.code === 'poison') this.record.saw('command.poison')
    if (result?.outcome === 'expired') this.record.saw('command.expired_at_agent')
    if (result?.outcome === 'cancelled') {
      this.record.saw(starts > 0 ? 'command.broken_off' : 'command.cancelled_at_agent')
    }
    if (result?.outcome === 'indeterminate') {
      this.record.saw(starts > 0 ? 'command.indeterminate' : 'command.doubtful')
    }
  }
}

function parsed(text: string): { readonly id: OperationId; readonly deadlineInMs: number | null } {
  return JSON.parse(text) as ReturnType<typeof parsed> // The prefix says that it is a command.
}
