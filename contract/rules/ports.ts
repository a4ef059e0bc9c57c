import type { PortBinding } from '../protocol/spec.ts'

/** One binding may stand for both protocols. */
export type BoundProtocol = PortBinding['protocol'] | 'both'

/** A place at a node that only one server can have. */
export interface HostSocket {
  /** In the shortest form, as `canonicalAddress` gives it. */
  readonly ip: string
  readonly port: number
  readonly protocol: BoundProtocol
}

export const everyIpv4 = '0.0.0.0'
/** Engines take both families by it. */
export const everyAddress = '::'

/**
 * Whether the engine could not bind both: the same port, a protocol in common, and addresses of which one is
 * the other or stands for it too.
 */
export function socketsConflict(one: HostSocket, other: HostSocket): boolean {
  return (
    one.port === other.port &&
    protocolsMeet(one.protocol, other.protocol) &&
    addressesMeet(one.ip, other.ip)
  )
}

export function protocolsMeet(one: BoundProtocol, other: BoundProtocol): boolean {
  return one === other || one === 'both' || other === 'both'
}

export function addressesMeet(one: string, other: string): boolean {
  return one === other || standsFor(one, other) || standsFor(other, one)
}

export function isIpv6(ip: string): boolean {
  return ip.includes(':')
}

function standsFor(general: string, ip: string): boolean {
  return general === everyAddress || (general === everyIpv4 && !isIpv6(ip))
}

/** A binding as the server has it, and as its engine is told: one for each protocol. */
export interface Bound extends HostSocket {
  readonly containerPort: number
}

export function toPortBindings({ ip, port, containerPort, protocol }: Bound): PortBinding[] {
  const protocols = protocol === 'both' ? (['tcp', 'udp'] as const) : [protocol]
  return protocols.map((one) => ({ ip, hostPort: port, containerPort, protocol: one }))
}

/** What the next start binds that is not bound now, and what it lets go of. */
export function portChanges(wanted: readonly PortBinding[], bound: readonly PortBinding[]) {
  const isIn = (list: readonly PortBinding[], one: PortBinding) =>
    list.some((other) => portText(other) === portText(one))
  return {
    toBind: wanted.filter((one) => !isIn(bound, one)),
    toFree: bound.filter((one) => !isIn(wanted, one)),
  }
}

/** "0.0.0.0:25565 → 25565/tcp". */
export function portText({ ip, hostPort, containerPort, protocol }: PortBinding): string {
  return `${socketText(ip, hostPort)} → ${containerPort}/${protocol}`
}

/** IPv6 addresses stand in brackets before their port. */
export function socketText(host: string, port: number): string {
  return isIpv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
