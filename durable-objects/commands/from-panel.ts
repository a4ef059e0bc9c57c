import type { OperationId, ServerId } from '../../contract/ids.ts'
import { commandRules } from '../../contract/protocol/commands.ts'
import { failed, ok, type Result } from '../../contract/result.ts'
import type { CommandView, SubmitCommand } from '../../contract/rpc.ts'
import { send } from '../effect.ts'
import type { CommandsDraft } from './draft.ts'
import {
  type CommandRow,
  endedHere,
  isOnWire,
  laneOf,
  noProgress,
  sameCommand,
  viewOf,
} from './row.ts'
import { sendWhatMay } from './sending.ts'

/** Open commands per lane and per node; more is `queue_full` [Q11]. */
export const laneAtMost = 100
export const nodeAtMost = 2000

/** Takes an order in, once per id; a full queue refuses it [Q1, Q11]. */
export function submit(
  draft: CommandsDraft,
  order: SubmitCommand,
  finished: CommandRow | null,
  now: number,
): void {
  const known = draft.open.get(order.id) ?? finished
  if (known !== null) {
    const same = sameCommand(known.command, order.command)
    draft.emit({
      type: 'answer',
      result: same ? ok(viewOf(known)) : failed('idempotency_conflict'),
    })
    return
  }
  if (isFull(draft, order)) {
    draft.emit({ type: 'answer', result: failed('queue_full') })
    return
  }
  const row = newRow(order, draft.nextSeq, now)
  draft.nextSeq += 1
  draft.put(row)
  draft.tell(row)
  sendWhatMay(draft, now)
  const view = draft.open.get(row.id) ?? { ...row, state: 'expired' as const }
  draft.emit({ type: 'answer', result: ok(viewOf(view)) })
}

function isFull(draft: CommandsDraft, order: SubmitCommand): boolean {
  if (draft.open.size >= nodeAtMost) return true
  const lane = laneOf(order)
  let inLane = 0
  for (const row of draft.open.values()) if (laneOf(row) === lane) inLane += 1
  return inLane >= laneAtMost
}

function newRow(order: SubmitCommand, seq: number, now: number): CommandRow {
  const waits = commandRules[order.command.type].waitsMs
  return {
    id: order.id,
    seq,
    command: order.command,
    actor: order.actor,
    deadline: order.deadline ?? (waits === null ? null : now + waits),
    state: 'queued',
    sentIn: 0,
    deliveries: 0,
    cancelRequested: false,
    progress: noProgress,
    log: [],
    result: null,
    createdAt: now,
    startedAt: null,
    endedAt: null,
    reportedAt: 0,
    unreported: false,
  }
}

/** Only what never left is cancelled here; otherwise the agent is asked, and says what happened [Q8]. */
export function cancel(
  draft: CommandsDraft,
  id: OperationId,
  finished: CommandRow | null,
  now: number,
): Result<CommandView> {
  const row = draft.open.get(id)
  if (row === undefined) {
    if (finished === null) return failed('not_found')
    return finished.state === 'cancelled' ? ok(viewOf(finished)) : failed('operation_finished')
  }
  if (!isOnWire(row)) {
    const ended = endedHere(row, 'cancelled', 'Cancelled before the node was told.', now)
    draft.settle(ended)
    return ok(viewOf(ended))
  }
  const mayCancel = commandRules[row.command.type].cancellable
  if (row.state === 'accepted' && !mayCancel) return failed('not_cancellable')
  if (row.cancelRequested) return ok(viewOf(row))
  draft.put({ ...row, cancelRequested: true })
  if (draft.epoch !== null) draft.emit(send({ type: 'cancel', epoch: draft.epoch, id }))
  return ok(viewOf(row))
}

/** The lane's server was deleted: what never left has nothing to act on any more. */
export function cancelLane(draft: CommandsDraft, lane: ServerId, now: number): void {
  for (const row of draft.open.values()) {
    if (laneOf(row) !== lane || isOnWire(row)) continue
    draft.settle(endedHere(row, 'cancelled', 'The server was deleted.', now))
  }
}
