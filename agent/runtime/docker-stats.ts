import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { ResourceSample } from '../../contract/protocol/console.ts'
import type { Clock } from '../clock.ts'
import { readFromCgroup } from './cgroup-reading.ts'
import { callLimits, limited } from './docker-call.ts'
import { isGone } from './docker-errors.ts'
import { viewOf } from './docker-view.ts'
import { type Measured, type Reading, sampleBetween } from './usage.ts'

/**
 * The least between the two readings of a sample: the kernel hands a limited processor out in
 * pieces. Milliseconds.
 */
const leastGap = 250

/** A reading older than this says nothing about the processor now. Milliseconds. */
const staleAfter = 120_000

/**
 * The engine's answer, as far as it is used. Both versions of control groups name the cache
 * differently.
 */
const EngineStats = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
  memory_stats: z.object({
    usage: z.number().optional(),
    limit: z.number().optional(),
    stats: z.record(z.string(), z.number()).optional(),
  }),
  networks: z
    .record(z.string(), z.object({ rx_bytes: z.number(), tx_bytes: z.number() }))
    .optional(),
})

interface Known extends Measured {
  readonly pid: number
  readonly last: Reading | null
}

interface Pair {
  readonly before: Reading
  readonly now: Reading
}

export interface ResourceMeter {
  sample(containerId: string): Promise<ResourceSample | null>
}

/** Measures running containers; remembers the last reading of each, because a rate needs two. */
export function createResourceMeter(docker: Dockerode, clock: Clock): ResourceMeter {
  const known = new Map<string, Known>()

  const read = async (containerId: string, { pid }: Known) =>
    (await readFromCgroup(containerId, pid, clock.now())) ??
    (await readFromEngine(docker, containerId, clock.now()))

  /** Two readings far enough apart; null when the container does not run, or not any more. */
  const readTwice = async (containerId: string, found: Known): Promise<Pair | null> => {
    const kept = found.last
    const isFresh = kept !== null && clock.now() - kept.at < staleAfter
    const before = isFresh ? kept : await read(containerId, found)
    if (before === null) return null
    await delay(Math.max(0, before.at + leastGap - clock.now()))
    const now = await read(containerId, found)
    return now === null ? null : { before, now }
  }

  return {
    sample: async (containerId) => {
      const found = known.get(containerId) ?? (await inspect(docker, containerId))
      const pair = found === null ? null : await readTwice(containerId, found)
      if (found === null || pair === null) {
        known.delete(containerId)
        return null
      }
      known.set(containerId, { ...found, last: pair.now })
      return sampleBetween(pair.before, pair.now, found)
    },
  }
}

/** Null when it is gone or does not run. */
async function inspect(docker: Dockerode, containerId: string): Promise<Known | null> {
  const inspected = await limited('inspect', callLimits.look, (abortSignal) =>
    docker.getContainer(containerId).inspect({ abortSignal }).catch(nullWhenGone),
  )
  const view = inspected === null ? null : viewOf(inspected)
  if (inspected === null || view?.state !== 'running') return null
  const startedAt = Date.parse(view.startedAt ?? '') || 0
  return { serverId: view.marks.serverId, startedAt, pid: inspected.State.Pid, last: null }
}

async function readFromEngine(
  docker: Dockerode,
  containerId: string,
  at: number,
): Promise<Reading | null> {
  const answer = await limited('stats', callLimits.look, (abortSignal) =>
    docker.getContainer(containerId).stats(oneShot(abortSignal)).catch(nullWhenGone),
  )
  return answer === null ? null : readingOf(answer, at)
}

/** A reading out of the engine's statistics; null when the container does not run. */
export function readingOf(answer: unknown, at: number): Reading | null {
  const { cpu_stats, memory_stats, networks } = EngineStats.parse(answer)
  const { usage, limit, stats } = memory_stats
  if (usage === undefined || limit === undefined) return null
  const cache = stats?.total_inactive_file ?? stats?.inactive_file ?? 0
  const interfaces = Object.values(networks ?? {})
  return {
    at,
    cpuNs: cpu_stats.cpu_usage.total_usage,
    memoryBytes: Math.max(0, usage - cache),
    memoryLimitBytes: limit,
    networkRxBytes: interfaces.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    networkTxBytes: interfaces.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
  }
}

/**
 * Without `one-shot`, which the client's types do not know, the engine measures for a second or
 * two.
 */
function oneShot(abortSignal: AbortSignal) {
  return { stream: false, 'one-shot': true, abortSignal } as const
}

function nullWhenGone(error: unknown): null {
  if (isGone(error)) return null
  throw error
}
