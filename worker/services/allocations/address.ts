import ipaddr from 'ipaddr.js'

/** An address in its shortest form, and IPv4 as such where it was written inside IPv6. */
export function canonicalAddress(ip: string): string {
  return ipaddr.process(ip).toString()
}
