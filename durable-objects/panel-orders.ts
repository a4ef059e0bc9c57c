import type { OperationId } from '../contract/ids.ts'
import { failed } from '../contract/result.ts'
import type { DesiredPull, DesiredPush, SubmitCommand } from '../contract/rpc.ts'
import type { Turn } from './turn.ts'

/** A command of the panel's; the turn's answer says what became of it [Q1]. */
export function takeOrder(turn: Turn, order: SubmitCommand): void {
  const { now, lookups } = turn
  if (lookups.waitIsKnown(order.id)) {
    turn.emit({ type: 'answer', result: failed('idempotency_conflict') })
    return
  }
  const finished = lookups.finishedCommand(order.id)
  turn.commands({ type: 'submit', order, finished, now })
}

/** A wish to cancel [Q8]. A power click is undone by another click, not by a cancel. */
export function takeCancel(turn: Turn, id: OperationId): void {
  const { now, lookups } = turn
  if (lookups.waitIsKnown(id)) {
    const isOpen = turn.states.desired.waits.has(id)
    const result = failed(isOpen ? 'not_cancellable' : 'operation_finished')
    turn.emit({ type: 'answer', result })
    return
  }
  turn.commands({ type: 'cancel', id, finished: lookups.finishedCommand(id), now })
}

/** A change of desired state, pushed or pulled [L3]. */
export function takePush(turn: Turn, push: DesiredPush): void {
  const { now, lookups } = turn
  const waitKnown = push.waiting !== null && lookups.waitIsKnown(push.waiting.id)
  turn.desired({ type: 'push', push, waitKnown, now })
  // What the node showed already may be all that a late push waits for.
  const seen = turn.states.observed.servers.get(push.server.serverId)
  if (seen !== undefined) turn.desired({ type: 'observed', observed: seen.observed, now })
}

/** The answer to a pull of everything newer than `asked` [L3]. */
export function takePull(turn: Turn, asked: number, pull: DesiredPull): void {
  turn.desired({ type: 'pulled', asked, pull })
  for (const push of pull.servers) {
    // Whatever a pull brought is no hole, or one odd answer would be pulled for ever.
    takePush(turn, { ...push, revision: Math.min(push.revision, pull.revision) })
  }
  if (pull.more && pull.revision > asked) turn.emit({ type: 'pull' })
}
