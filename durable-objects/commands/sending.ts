import type { ServerId } from '../../contract/ids.ts'
import { alert, send } from '../effect.ts'
import type { CommandsDraft } from './draft.ts'
import { type CommandRow, endedHere, isOnWire, laneOf, lowOf } from './row.ts'

/** Commands on the wire at once, over all lanes [Q2]. */
export const window = 32
/** Epochs in which a command is sent without being accepted before it is given up [Q10]. */
export const deliveriesAtMost = 5

// Rows are changed while the map is walked: a Map allows that for the entry at hand, and the draft's
// first change makes a copy, so that the walk goes on over the old one.

/** A new epoch sends what is on the wire again: same id, same `seq` [Q3]. */
export function sendAgain(draft: CommandsDraft, epoch: number, now: number): void {
  for (const row of draft.open.values()) {
    if (!isOnWire(row)) continue
    if (row.state === 'sent' && row.deliveries >= deliveriesAtMost) giveUp(draft, row, now)
    else {
      sendRow(draft, row, epoch, now)
      if (row.cancelRequested) draft.emit(send({ type: 'cancel', epoch, id: row.id }))
    }
  }
}

/** What the agent never accepts holds its lane no longer; what it may still have of it, `low` takes away. */
function giveUp(draft: CommandsDraft, row: CommandRow, now: number): void {
  const message = `It was sent ${row.deliveries} times and never accepted; it may have run.`
  const result = { outcome: 'failed', code: 'undeliverable', message } as const
  draft.settle({ ...row, state: 'failed', result, endedAt: now })
  draft.emit(alert('undeliverable', `${row.command.type} could not be delivered: ${message}`))
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
    sendRow(draft, { ...row, state: 'sent' }, draft.epoch, now)
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
  draft.put({ ...row, sentIn: epoch, deliveries: row.deliveries + 1 })
  const deadlineInMs = row.deadline === null ? null : Math.max(0, Math.floor(row.deadline - now))
  const { id, seq, command } = row
  const order = { id, seq, command, deadlineInMs, again: row.deliveries > 0 }
  draft.emit(send({ type: 'command', epoch, ...order, low: lowOf(draft) }))
}
