import { isIPv4 } from 'node:net'
import type { ServerId } from '../../contract/ids.ts'

/** All of our bridges start with this, so that one firewall rule can speak of every one of them. */
export const bridgePrefix = 'ct-'

/** The engine's name for a server's network. */
export function networkName(serverId: ServerId): string {
  return `catalyst-${serverId}`
}

/**
 * The kernel's name for the bridge: at most 15 characters. The id's last 12 digits are random in a
 * UUID of version 7; its first 12 are a time that servers made together share.
 */
export function bridgeName(serverId: ServerId): string {
  return bridgePrefix + serverId.replaceAll('-', '').slice(-12)
}

export interface AddressPool {
  /** `10.213.0.0/16`; each network gets a block of `blockBits` out of it. */
  readonly pool: string
  readonly blockBits: number
}

/**
 * The first block of the pool that overlaps with none of the ranges in use; null when the pool is
 * used up. The engine's own pools end after about 30 networks, so blocks are chosen here.
 * @param taken CIDR ranges of networks and addresses that exist; those that are not IPv4 are passed
 *   over
 */
export function freeBlock(
  { pool, blockBits }: AddressPool,
  taken: readonly string[],
): string | null {
  const { first, last } = rangeOf(pool)
  const ranges = taken
    .filter((cidr) => isIPv4(cidr.split('/')[0] ?? ''))
    .map(rangeOf)
    .sort((one, other) => one.first - other.first)
  const size = 2 ** (32 - blockBits)
  let start = first
  for (const range of ranges) {
    if (range.last < start) continue
    if (range.first >= start + size) break
    start = Math.ceil((range.last + 1) / size) * size
  }
  return start + size - 1 <= last ? `${textOf(start)}/${blockBits}` : null
}

/** The node's address on a network: the engine's driver takes the block's first one. */
export function gatewayOf(block: string): string {
  return textOf(rangeOf(block).first + 1)
}

function rangeOf(cidr: string): { first: number; last: number } {
  const [address = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  const first = Math.floor(numberOf(address) / size) * size
  return { first, last: first + size - 1 }
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}
