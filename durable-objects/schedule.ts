import { nextTickAt } from './commands/step.ts'
import type { NodeParts } from './node-parts.ts'
import type { NodeStates, Turn } from './turn.ts'

/** An errand that was lost with the object's memory is taken up again after this. Milliseconds. */
const lostAfter = 10_000
const day = 24 * 3_600_000
/** Finished commands between two prunings that the clock did not ask for. */
const pruneEvery = 1000

/** Sets the wakes that a turn makes necessary, in its own transaction: no crash can come between. */
export function schedule(
  { stores, courier, timers }: NodeParts,
  before: NodeStates,
  turn: Turn,
): void {
  const { wakes } = stores
  const { now } = turn
  if (turn.states.commands !== before.commands) {
    wakes.set('commands', nextTickAt(turn.states.commands))
  }
  for (const effect of turn.effects) {
    switch (effect.type) {
      case 'report':
        courier.expect(now)
        // Each further one of whatever kind puts the end off.
        if (effect.news.type === 'node.alert') wakes.set('alert', now + timers.alertStandsFor)
        break
      case 'pull':
        wakes.setBy('pull', now + lostAfter)
        break
      case 'welcome':
        wakes.set('liveness', now + timers.lookEvery)
        break
      case 'node_changed':
        if (!effect.online) wakes.set('liveness', null)
        break
      case 'save_command':
        if (effect.row.endedAt !== null) {
          wakes.setBy('prune', effect.row.seq % pruneEvery === 0 ? now : now + day)
        }
        break
      case 'save_gone':
        wakes.setBy('prune', now + day)
        break
      default:
        break
    }
  }
}
