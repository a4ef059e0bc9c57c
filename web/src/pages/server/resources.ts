import type { Server } from '../../../../contract/api/servers.ts'
import type { ResourceSample } from '../../../../contract/protocol/console.ts'
import { bytesText, coresText, mebibytesText } from '../../ui/amounts.ts'

export interface Meter {
  readonly name: string
  readonly value: string
  readonly limit: string | null
  readonly history: readonly number[]
  /** What the limit is on the scale of `history`; undefined: no limit. */
  readonly top: number | undefined
}

const mebibyte = 1024 * 1024

/** What a server uses of what it may use, from its samples; the newest last. */
export function metersOf(server: Server, samples: readonly ResourceSample[]): Meter[] {
  const now = samples.at(-1)
  if (now === undefined) return []
  const received = ratesOf(samples, (sample) => sample.networkRxBytes)
  const sent = ratesOf(samples, (sample) => sample.networkTxBytes)
  return [
    {
      name: 'CPU',
      // In cores like its limit: a percentage beside one would be read as a share of it.
      value: String(Number((now.cpuPercent / 100).toFixed(2))),
      limit: coresText(server.allocatedCpuCores),
      history: samples.map((sample) => sample.cpuPercent),
      top: server.allocatedCpuCores * 100,
    },
    {
      name: 'Memory',
      value: bytesText(now.memoryBytes),
      limit: mebibytesText(server.allocatedMemoryMb),
      history: samples.map((sample) => sample.memoryBytes),
      top: now.memoryLimitBytes,
    },
    {
      name: 'Disk',
      value: now.diskBytes === null ? 'not measured' : bytesText(now.diskBytes),
      limit: now.diskBytes === null ? null : mebibytesText(server.allocatedDiskMb),
      history: samples.flatMap((sample) => (sample.diskBytes === null ? [] : [sample.diskBytes])),
      top: server.allocatedDiskMb * mebibyte,
    },
    {
      name: 'Network',
      value: `in ${bytesText(received.at(-1) ?? 0)}/s, out ${bytesText(sent.at(-1) ?? 0)}/s`,
      limit: null,
      history: received.map((rate, at) => rate + (sent[at] ?? 0)),
      top: undefined,
    },
  ]
}

/** Bytes per second between neighbours; counters that start over count from zero. */
function ratesOf(
  samples: readonly ResourceSample[],
  counter: (sample: ResourceSample) => number,
): number[] {
  return samples.slice(1).map((sample, at) => {
    const before = samples[at]
    if (before === undefined) return 0
    const seconds = (Date.parse(sample.at) - Date.parse(before.at)) / 1000
    return seconds <= 0 ? 0 : Math.max(0, counter(sample) - counter(before)) / seconds
  })
}
