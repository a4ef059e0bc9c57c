import ipaddr from 'ipaddr.js'

/** An address in its shortest form, and IPv4 as such where it was written inside IPv6. */
export function canonicalAddress(ip: string): string {
  return ipaddr.process(ip).toString()
}

/** Addresses in a row. There may be more of them than memory could hold, so they are counted, not listed. */
export interface Addresses {
  readonly first: bigint
  readonly count: bigint
  readonly bytes: 4 | 16
}

/** @param cidr one address or a range, as `canonicalRange` gives it */
export function addressesOf(cidr: string): Addresses {
  const [text = '', bits] = cidr.split('/')
  const octets = ipaddr.parse(text).toByteArray()
  const bytes = octets.length === 4 ? 4 : 16
  const size = BigInt(bytes * 8)
  const first = octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
  return { first, bytes, count: 1n << (size - BigInt(bits ?? size)) }
}

/** @param at from 0, below `count` */
export function addressAt({ first, bytes }: Addresses, at: bigint): string {
  const value = first + at
  const octets = Array.from({ length: bytes }, (_, index) =>
    Number((value >> BigInt((bytes - 1 - index) * 8)) & 255n),
  )
  return ipaddr.fromByteArray(octets).toString()
}

export function holdsAddress(cidr: string, ip: string): boolean {
  const [range, one] = [addressesOf(cidr), addressesOf(ip)]
  const at = one.first - range.first
  return range.bytes === one.bytes && at >= 0n && at < range.count
}
