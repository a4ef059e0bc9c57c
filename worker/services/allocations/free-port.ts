import {
  addressesMeet,
  type BoundProtocol,
  everyAddress,
  everyIpv4,
  type HostSocket,
  protocolsMeet,
} from '../../../contract/rules/ports.ts'
import { addressAt, addressesOf } from './address.ts'

export interface PortRange {
  readonly portFrom: number
  readonly portTo: number
}

/** Ports on each of some addresses. */
export interface PortSource extends PortRange {
  readonly cidr: string
}

/** The first address of the first source with a free port, and the lowest of those. */
export function firstFree(
  sources: readonly PortSource[],
  protocol: BoundProtocol,
  taken: readonly HostSocket[],
): { readonly ip: string; readonly port: number } | null {
  for (const source of sources) {
    const found = firstFreeIn(source, protocol, taken)
    if (found !== null) return found
  }
  return null
}

function firstFreeIn(source: PortSource, protocol: BoundProtocol, taken: readonly HostSocket[]) {
  const addresses = addressesOf(source.cidr)
  // Where these alone fill it, each of perhaps very many addresses is full. Where they do not, an address is
  // full only by a port of its own: then no more are looked at than ports are taken.
  const general = taken.filter(({ ip }) => ip === everyIpv4 || ip === everyAddress)
  const first = { ip: addressAt(addresses, 0n), protocol }
  if (lowestFree(source, first, general) === null) return null
  for (let at = 0n; at < addresses.count; at += 1n) {
    const ip = addressAt(addresses, at)
    const port = lowestFree(source, { ip, protocol }, taken)
    if (port !== null) return { ip, port }
  }
  return null
}

/** The lowest port of a range that nobody has on this address; null when all are taken. */
export function lowestFree(
  { portFrom, portTo }: PortRange,
  { ip, protocol }: Omit<HostSocket, 'port'>,
  taken: readonly HostSocket[],
): number | null {
  const gone = new Set(
    taken
      .filter((other) => addressesMeet(other.ip, ip) && protocolsMeet(other.protocol, protocol))
      .map(({ port }) => port),
  )
  for (let port = portFrom; port <= portTo; port += 1) if (!gone.has(port)) return port
  return null
}
