import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

const routeTable = '/proc/net/route'

/** IPv4 ranges that this machine can reach without its default route, as CIDR. */
export function hostRanges(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const own = addresses.flatMap(({ family, cidr }) => (family === 'IPv4' && cidr ? [cidr] : []))
  const routes = existsSync(routeTable) ? routesIn(readFileSync(routeTable, 'utf8')) : []
  return [...own, ...routes]
}

/** Destinations of the kernel's IPv4 routes, the default route left out. */
export function routesIn(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const columns = row.split(/\s+/)
      const destination = columns[1] ?? ''
      const mask = columns[7] ?? ''
      if (destination.length !== 8 || mask.length !== 8 || mask === '00000000') return []
      return [`${addressOf(destination)}/${bitsOf(mask)}`]
    })
}

/**
 * The kernel prints addresses as hexadecimal numbers in the machine's (little endian) byte order.
 */
function addressOf(hex: string): string {
  return Array.from(Buffer.from(hex, 'hex')).reverse().join('.')
}

function bitsOf(hexMask: string): number {
  return Number.parseInt(hexMask, 16).toString(2).replaceAll('0', '').length
}
