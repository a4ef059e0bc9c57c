import { type HostSocket, socketsConflict } from '../../../contract/rules/ports.ts'
import { firstFree } from './free-port.ts'
import type { Offers } from './offers.ts'
import { sourcesFor } from './sources.ts'
import { addressOf, type Wish } from './wishes.ts'

/** Whether a node could give all these ports to one more server. */
export function portsFit(
  offers: Offers,
  taken: readonly HostSocket[],
  wishes: readonly Wish[],
): boolean {
  const gone = [...taken]
  for (const wish of wishes.filter(({ hostPort }) => hostPort !== null)) {
    const socket = { ip: addressOf(wish), port: wish.hostPort ?? 0, protocol: wish.protocol }
    if (gone.some((other) => socketsConflict(socket, other))) return false
    gone.push(socket)
  }
  for (const wish of wishes.filter(({ hostPort }) => hostPort === null)) {
    const socket = usualOf(wish, gone) ?? firstFree(sourcesFor(offers, wish), wish.protocol, gone)
    if (socket === null) return false
    gone.push({ ...socket, protocol: wish.protocol })
  }
  return true
}

function usualOf(wish: Wish, gone: readonly HostSocket[]) {
  if (wish.usualPort === null) return null
  const socket = { ip: addressOf(wish), port: wish.usualPort, protocol: wish.protocol }
  return gone.some((other) => socketsConflict(socket, other)) ? null : socket
}
