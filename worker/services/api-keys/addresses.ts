import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'

const bitsOfMapped = 96

/**
 * An address or range as it is kept: without host bits, and IPv4 as such where it was written inside IPv6.
 * @param text what `AddressRange` lets through
 */
export function canonicalRange(text: string): string {
  const [address, bits] = rangeOf(text)
  const isWhole = bits === (address.kind() === 'ipv4' ? 32 : 128)
  return isWhole ? address.toString() : `${networkOf(address, bits)}/${bits}`
}

/**
 * Whether a request comes from one of the ranges; null: it may come from anywhere. Where it comes from has to
 * be known for anything else.
 */
export function isFrom(ranges: readonly string[] | null, ip: string | null): boolean {
  if (ranges === null) return true
  if (ip === null || !ipaddr.isValid(ip)) return false
  const address = ipaddr.process(ip)
  return ranges.some((text) => {
    const [network, bits] = rangeOf(text)
    return network.kind() === address.kind() && address.match(network, bits)
  })
}

function rangeOf(text: string): readonly [IPv4 | IPv6, number] {
  const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : wholeOf(ipaddr.parse(text))
  // ::ffff:0:0/96 is all of IPv4; a shorter prefix holds more than that and stays what it is.
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= bitsOfMapped) {
    return [address.toIPv4Address(), bits - bitsOfMapped]
  }
  return [address, bits]
}

function wholeOf(address: IPv4 | IPv6): [IPv4 | IPv6, number] {
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function networkOf(address: IPv4 | IPv6, bits: number): string {
  const range = `${address.toString()}/${bits}`
  return address.kind() === 'ipv4'
    ? ipaddr.IPv4.networkAddressFromCIDR(range).toString()
    : ipaddr.IPv6.networkAddressFromCIDR(range).toString()
}
