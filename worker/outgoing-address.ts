import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'

/** Names that lead to the machine itself or into its network. */
const privateNames = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|home\.arpa)$/

/**
 * Whether a host, as it stands in a URL or a setting, is inside: the panel's own machine or a private
 * network. Names are not looked up: on the platform one that leads inside leads nowhere.
 */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  // `process` takes 127.1, 0x7f000001 and ::ffff:127.0.0.1 for what they are.
  if (ipaddr.isValid(name)) return !isPublic(ipaddr.process(name))
  return privateNames.test(name) || !name.includes('.')
}

/** Of IPv6 only 2000::/3 is given out: the rest holds more ways to write an IPv4 address (`::7f00:1`). */
function isPublic(address: IPv4 | IPv6): boolean {
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(ipaddr.IPv6.parse('2000::'), 3)
}
