import ipaddr from 'ipaddr.js'

/** Providers give each customer at least this much of IPv6, so a longer prefix would be no limit at all. */
const sharedBits = 64

/**
 * What one customer of a provider can call from: an IPv4 address, or 64 bits of an IPv6 one. Null where that
 * is not known: without an edge or proxy that names the caller, and for this machine itself, which is what a
 * proxy that names nobody looks like. To count all its callers as one would let anyone lock everybody out.
 */
export function addressPrefix(ip: string | null): string | null {
  if (ip === null || !ipaddr.isValid(ip)) return null
  const address = ipaddr.process(ip)
  if (address.range() === 'loopback') return null
  if (address.kind() === 'ipv4') return address.toString()
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${sharedBits}`)
  return `${network.toString()}/${sharedBits}`
}
