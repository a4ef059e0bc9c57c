import type { ServerId } from '../../contract/ids.ts'
import type { ResourceSample } from '../../contract/protocol/console.ts'

/** What a container has used until a moment. Bytes, and nanoseconds of processor time. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly cpuNs: number
  /** Without the part of the page cache that the kernel can take back at once. */
  readonly memoryBytes: number
  readonly memoryLimitBytes: number
  readonly networkRxBytes: number
  readonly networkTxBytes: number
}

export interface Measured {
  readonly serverId: ServerId
  /** Milliseconds since 1970. */
  readonly startedAt: number
}

/** The sample that two readings of one container make; percent of one core between them. */
export function sampleBetween(
  before: Reading,
  now: Reading,
  { serverId, startedAt }: Measured,
): ResourceSample {
  const elapsedNs = (now.at - before.at) * 1e6
  const used = Math.max(0, now.cpuNs - before.cpuNs)
  return {
    serverId,
    at: new Date(now.at).toISOString(),
    cpuPercent: elapsedNs > 0 ? Math.round((used / elapsedNs) * 100_000) / 1000 : 0,
    memoryBytes: now.memoryBytes,
    memoryLimitBytes: now.memoryLimitBytes,
    networkRxBytes: now.networkRxBytes,
    networkTxBytes: now.networkTxBytes,
    diskBytes: null,
    uptimeMs: Math.max(0, now.at - startedAt),
  }
}
