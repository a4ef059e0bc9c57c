import type { Watcher } from './browser-sockets.ts'
import type { Node } from './node.ts'

/** A new socket of a browser: it hears the newest state at once, and lines once it resumed [C3]. */
export function openBrowser(node: Node, socket: WebSocket, who: Watcher): void {
  const { browsers, stores } = node
  const { serverId } = who
  browsers.accept(socket, who, Date.now())
  browsers.greet(socket, {
    type: 'hello',
    serverId,
    nodeOnline: node.isOnline(),
    observed: node.states.observed.servers.get(serverId)?.observed ?? null,
    oldestSeq: stores.console.oldest(serverId),
    newestSeq: stores.console.newest(serverId),
  })
  node.tellWatched()
  if (who.expiresAt !== null) closeExpired(node, Date.now())
}

/** A look at most this long ahead, in milliseconds: a key may expire in years. */
const looksWithin = 3_600_000

/** Closes the sockets of sessions and API keys that have ended, and sets when to look for the next. */
export function closeExpired(node: Node, now: number): void {
  const { browsers, stores } = node
  const next = browsers.closeExpired(now)
  stores.wakes.set('watchers', next === null ? null : Math.min(next, now + looksWithin))
  stores.wakes.arm(now)
  node.tellWatched()
}

export function browserClosed(node: Node): void {
  node.browsers.forget()
  node.tellWatched()
}
