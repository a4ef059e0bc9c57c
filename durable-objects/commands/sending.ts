import type { ServerId } from '../../contract/ids.ts'
import { send } from '../effect.ts'
import type { CommandsDraft } from './draft.ts'
import { type CommandRow, endedHere, isOnWire, laneOf, lowOf } from './row.ts'

/** Commands on the wire at once, over all lanes [Q2]. */
export const window = 32

// Rows are changed while the map is walked: a Map allows that for the entry at hand, and the draft's
// first change makes a copy, so that the walk goes on over the old one.

/** A new epoch sends what is on the wire again: same id, same `seq` [Q3]. */
export function sendAgain(draft: CommandsDraft, epoch: number, now: number): void {
  for (const row of draft.open.values()) {
    if (!isOnWire(row)) continue
    sendRow(draft, { ...row, sentIn: epoch }, epoch, now)
    if (row.cancelRequested) draft.emit(send({ type: 'cancel', epoch, id: row.id }))
  }
}

/** Ends what waited too long, then sends the head of each free lane while the window has room. */
export function sendWhatMay(draft: CommandsDraft, now: number): void {
  expire(draft, now)
  if (draft.epoch === null) return
  const busy = new Set<ServerId>()
  let onWire = 0
  for (const row of draft.open.values()) {
    if (!isOnWire(row)) continue
    busy.add(laneOf(row))
    onWire += 1
  }
  const heads: CommandRow[] = []
  for (const row of draft.open.values()) {
    if (onWire + heads.length >= window) break
    if (isOnWire(row) || busy.has(laneOf(row))) continue
    busy.add(laneOf(row))
    heads.push(row)
  }
  for (const row of heads) {
    sendRow(draft, { ...row, state: 'sent', sentIn: draft.epoch }, draft.epoch, now)
  }
}

/** Only what never left expires here [Q8]. */
function expire(draft: CommandsDraft, now: number): void {
  for (const row of draft.open.values()) {
    if (row.state !== 'queued' || row.deadline === null || row.deadline > now) continue
    draft.settle(endedHere(row, 'expired', 'The node could not take it in time.', now))
  }
}

function sendRow(draft: CommandsDraft, row: CommandRow, epoch: number, now: number): void {
  draft.put(row)
  const deadlineInMs = row.deadline === null ? null : Math.max(0, Math.floor(row.deadline - now))
  const { id, seq, command } = row
  draft.emit(send({ type: 'command', epoch, id, seq, command, deadlineInMs, low: lowOf(draft) }))
}
