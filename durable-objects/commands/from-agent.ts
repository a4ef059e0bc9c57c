import type { OperationId } from '../../contract/ids.ts'
import type { CommandResult, Progress } from '../../contract/protocol/commands.ts'
import { alert } from '../effect.ts'
import type { CommandsDraft } from './draft.ts'
import { type CommandRow, isOnWire } from './row.ts'
import { sendWhatMay } from './sending.ts'

export const logLinesKept = 200
/** Between two reports of one command's progress to the ledger. Milliseconds. */
export const reportEvery = 2000

/** What the agent may speak of: a command of this node that was sent to it [N9]. */
function onWire(draft: CommandsDraft, id: OperationId, seq?: number): CommandRow | null {
  const row = draft.open.get(id)
  if (row === undefined || !isOnWire(row)) return null
  return seq === undefined || row.seq === seq ? row : null
}

/** The command stands in the agent's journal [Q4]. */
export function accepted(
  draft: CommandsDraft,
  event: { readonly id: OperationId; readonly seq: number; readonly now: number },
): void {
  const row = onWire(draft, event.id, event.seq)
  if (row === null || row.state === 'accepted') return
  const next = { ...row, state: 'accepted', startedAt: event.now, reportedAt: event.now } as const
  draft.put(next)
  draft.tell(next)
}

/** Keeps the newest; the ledger hears of it at most every `reportEvery` [Q12]. */
export function progressed(
  draft: CommandsDraft,
  event: {
    readonly id: OperationId
    readonly progress: Progress
    readonly log: readonly string[]
    readonly now: number
  },
): void {
  const row = onWire(draft, event.id)
  if (row === null) return
  const hasLog = event.log.length > 0
  const log = hasLog ? [...row.log, ...event.log].slice(-logLinesKept) : row.log
  const due = event.now - row.reportedAt >= reportEvery
  const next: CommandRow = {
    ...row,
    // Only an accepted command is worked on; its `accepted` may have been lost with a link.
    state: 'accepted',
    startedAt: row.startedAt ?? event.now,
    progress: event.progress,
    log,
    reportedAt: due ? event.now : row.reportedAt,
    unreported: !due,
  }
  draft.put(next, hasLog)
  if (due) draft.tell(next)
  else draft.show(next)
}

/** Tells the ledger what `progressed` kept back. */
export function reportProgress(draft: CommandsDraft, now: number): void {
  for (const row of draft.open.values()) {
    if (!row.unreported || now - row.reportedAt < reportEvery) continue
    const next = { ...row, reportedAt: now, unreported: false }
    draft.put(next)
    draft.tell(next)
  }
}

/** Settles a command by what the agent says; the next of its lane may leave. */
export function done(
  draft: CommandsDraft,
  event: {
    readonly id: OperationId
    readonly seq: number
    readonly result: CommandResult
    readonly now: number
  },
): void {
  const row = onWire(draft, event.id, event.seq)
  if (row === null) return
  const { result, now } = event
  const neverRan = result.outcome === 'cancelled' || result.outcome === 'expired'
  const startedAt = row.startedAt ?? (neverRan ? null : now)
  const state = result.outcome
  draft.settle({ ...row, state, result, startedAt, endedAt: now, unreported: false })
  if (result.code === 'poison') {
    draft.emit(alert('poison', `${row.command.type} was started three times and never ended.`))
  }
  sendWhatMay(draft, now)
}
