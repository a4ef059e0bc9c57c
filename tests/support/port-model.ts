import type { BoundProtocol, HostSocket } from '../../contract/rules/ports.ts'

const ipv4 = ['192.0.2.1', '192.0.2.2']
const ipv6 = ['2001:db8::1', '2001:db8::2']
const protocols: readonly BoundProtocol[] = ['tcp', 'udp', 'both']

/** What an address that stands for others stands for, at a node that has four. */
const meant: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0': ipv4,
  '::': [...ipv4, ...ipv6],
}

/** Every place that may be asked for at a node with two addresses of each family. */
export function everySocket(ports: readonly number[]): HostSocket[] {
  return [...ipv4, ...ipv6, '0.0.0.0', '::'].flatMap((ip) =>
    ports.flatMap((port) => protocols.map((protocol) => ({ ip, port, protocol }))),
  )
}

/** The single places that one takes up, written out: two conflict when they share one. */
export function placesOf({ ip, port, protocol }: HostSocket): ReadonlySet<string> {
  const places = (meant[ip] ?? [ip]).flatMap((address) =>
    (protocol === 'both' ? ['tcp', 'udp'] : [protocol]).map((one) => `${address} ${port} ${one}`),
  )
  return new Set(places)
}
