import type { ServerId } from '../contract/ids.ts'
import type { Node } from './node.ts'

/** A new socket of a browser: it hears the newest state at once, and lines once it resumed [C3]. */
export function openBrowser(
  node: Node,
  socket: WebSocket,
  serverId: ServerId,
  userId: string,
): void {
  const { browsers, stores } = node
  browsers.accept(socket, serverId, userId, Date.now())
  browsers.greet(socket, {
    type: 'hello',
    serverId,
    nodeOnline: node.isOnline(),
    observed: node.states.observed.servers.get(serverId)?.observed ?? null,
    oldestSeq: stores.console.oldest(serverId),
    newestSeq: stores.console.newest(serverId),
  })
  node.tellWatched()
}

export function browserClosed(node: Node): void {
  node.browsers.forget()
  node.tellWatched()
}
