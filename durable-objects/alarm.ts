import { CloseCode } from '../contract/protocol/frames.ts'
import { closeExpired } from './browser-door.ts'
import { nextTickAt } from './commands/step.ts'
import { report } from './effect.ts'
import type { Node } from './node.ts'
import type { WakeName } from './wake.ts'

const day = 24 * 3_600_000

/** A wake that could not be served is served again after this. Milliseconds. */
const brokenAfter = 30_000

/**
 * Serves every wake that is due. Never throws: an alarm that throws seven times is lost for ever. What
 * fails costs its node's memory, not the other wakes.
 * @param renew builds the node anew from storage
 */
export function serveDue(node: Node, renew: () => Node | null, now: number): void {
  let current: Node | null = node
  for (const name of node.stores.wakes.due(now)) {
    if (current === null) return
    const { wakes } = current.stores
    try {
      const served = current
      wakes.hold(() => serve[name](served, now))
    } catch (error) {
      console.error(`wake: ${name} broke off`, error)
      current = renew()
      current?.stores.wakes.set(name, now + brokenAfter)
    }
  }
  current?.stores.wakes.arm(now)
}

const serve: Readonly<Record<WakeName, (node: Node, now: number) => void>> = {
  greeting(node, now) {
    const { helloWithin } = node.timers.link
    const next = node.agents.closeOverdue(CloseCode.unauthorized, helloWithin, now)
    node.stores.wakes.set('greeting', next)
  },
  liveness: lookAtLink,
  commands(node) {
    node.act((turn) => turn.commands({ type: 'tick', now: turn.now }))
    node.stores.wakes.set('commands', nextTickAt(node.states.commands))
  },
  alert(node) {
    node.act((turn) => turn.emit(report({ type: 'node.alert_over' })))
    node.stores.wakes.set('alert', null)
  },
  watchers: closeExpired,
  outbox(node, now) {
    node.courier.start(now)
  },
  pull(node, now) {
    node.stores.wakes.set('pull', now + brokenAfter)
    node.puller.start()
  },
  prune(node, now) {
    node.stores.commands.prune(now)
    node.stores.desired.prune(now)
    node.stores.wakes.set('prune', now + day)
  },
}

/** Finds out whether the agent is still there [N6], and brings what pushes may have missed [L3]. */
function lookAtLink(node: Node, now: number): void {
  const { agents, browsers, timers, stores } = node
  const heardAt = agents.heardAt(node.states.link.epoch, now)
  node.act((turn) => turn.link({ type: 'tick', heardAt, now }))
  if (browsers.closeSilent(timers.browserGoneAfter, now)) node.tellWatched()
  if (!node.isOnline() || heardAt === null) {
    stores.wakes.set('liveness', null)
    return
  }
  const isLate = now - heardAt > timers.pingLateAfter
  stores.wakes.set(
    'liveness',
    isLate ? heardAt + timers.link.objectGivesUpAfter + 1 : now + timers.lookEvery,
  )
  node.puller.start()
}
