import type { ServerId } from '../../contract/ids.ts'
import { type Clock, settledWithin } from '../clock.ts'
import { type Log, reasonOf } from '../log.ts'
import type { DataDirs } from './data-dir.ts'
import { type DiskUsage, diskUsage } from './disk-usage.ts'

/** How much disk each server takes, measured now and then. */
export interface DiskGauge {
  /** The last measurement, null before the first; a new one begins when it is old. */
  of(serverId: ServerId): DiskUsage | null
  /** Measures anew and waits for it, but no longer than `ms`; what is known by then. */
  measure(serverId: ServerId, ms: number): Promise<DiskUsage | null>
}

interface Reading {
  readonly usage: DiskUsage | null
  /** On the host's forward clock. */
  readonly startedAt: number
  /** How long the walk took. Milliseconds. */
  readonly tookMs: number
}

/** Between two measurements of a server. Milliseconds. */
const measureEvery = 60_000
/** A walk takes no more of the time than one part in this many, however long it takes. */
const restFactor = 20
/** Entries and milliseconds after which a walk is given up: what was counted is the least there is. */
const budget = { entries: 2_000_000, ms: 120_000 } as const

/** Folders are walked one after the other: a walk is work for the disk, and others need it too. */
export function createDiskGauge({
  dirs,
  clock,
  log,
}: {
  readonly dirs: Pick<DataDirs, 'jailOf'>
  readonly clock: Clock
  readonly log: Log
}): DiskGauge {
  const known = new Map<ServerId, Reading>()
  let walks = Promise.resolve()

  const walk = async (serverId: ServerId) => {
    const startedAt = clock.monotonic()
    const elapsed = () => clock.monotonic() - startedAt
    try {
      const usage = await diskUsage(dirs.jailOf(serverId, null), {
        entries: budget.entries,
        goOn: () => elapsed() < budget.ms,
      })
      known.set(serverId, { usage, startedAt, tookMs: elapsed() })
    } catch (error) {
      log.debug('a folder could not be measured', { serverId, reason: reasonOf(error) })
    }
  }

  /** Noted at once, so that a walk that takes long is not begun a second time. */
  const begin = (serverId: ServerId): Promise<void> => {
    const last = known.get(serverId)
    known.set(serverId, {
      usage: last?.usage ?? null,
      startedAt: clock.monotonic(),
      tookMs: last?.tookMs ?? 0,
    })
    walks = walks.then(() => walk(serverId))
    return walks
  }

  return {
    of: (serverId) => {
      const last = known.get(serverId)
      const isOld =
        last === undefined ||
        clock.monotonic() - last.startedAt >= Math.max(measureEvery, restFactor * last.tookMs)
      if (isOld) void begin(serverId)
      return last?.usage ?? null
    },
    measure: async (serverId, ms) => {
      await settledWithin(clock, ms, begin(serverId))
      return known.get(serverId)?.usage ?? null
    },
  }
}
