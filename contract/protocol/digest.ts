import type { DesiredServer } from './spec.ts'

type Versioned = Pick<DesiredServer, 'serverId' | 'incarnation' | 'generation'>

/**
 * Names a set of desired states by their versions; equal on both ends means nothing has to be sent [D1].
 * FNV-1a over 64 bits in two halves: it guards against lost messages, not against forgery.
 */
export function desiredDigest(servers: Iterable<Versioned>): string {
  const lines = Array.from(
    servers,
    (server) => `${server.serverId}:${server.incarnation}:${server.generation}`,
  ).sort()
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (const char of lines.join('\n')) {
    low = (low ^ char.charCodeAt(0)) >>> 0
    const product = low * 0x1b3
    high = (Math.imul(high, 0x1b3) + Math.imul(low, 0x100) + Math.floor(product / 2 ** 32)) >>> 0
    low = product >>> 0
  }
  return `${lines.length}-${hex(high)}${hex(low)}`
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0')
}
