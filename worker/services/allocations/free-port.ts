import { addressesMeet, type HostSocket, protocolsMeet } from '../../../contract/rules/ports.ts'

export interface PortRange {
  readonly portFrom: number
  readonly portTo: number
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
