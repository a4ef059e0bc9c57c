import type { ServerId } from '../../contract/ids.ts'
import { reasonOf } from '../log.ts'
import { diskUsage } from './disk-usage.ts'
import type { ServerDeps } from './server-deps.ts'

/** How much disk each server takes, measured now and then. */
export interface DiskGauge {
  /** The last measurement, null before the first; a new one begins when it is old. */
  of(serverId: ServerId): number | null
}

/** Milliseconds. */
const measureEvery = 300_000

/** Folders are walked one after the other: a walk is work for the disk, and nobody waits for it. */
export function createDiskGauge({
  dirs,
  clock,
  log,
}: Pick<ServerDeps, 'dirs' | 'clock' | 'log'>): DiskGauge {
  const known = new Map<ServerId, { bytes: number | null; at: number }>()
  let walks = Promise.resolve()

  const measure = async (serverId: ServerId, at: number) => {
    try {
      known.set(serverId, { bytes: await diskUsage(dirs.filesOf(serverId)), at })
    } catch (error) {
      log.debug('a folder could not be measured', { serverId, reason: reasonOf(error) })
    }
  }

  return {
    of: (serverId) => {
      const last = known.get(serverId)
      const now = clock.monotonic()
      const bytes = last?.bytes ?? null
      if (last === undefined || now - last.at >= measureEvery) {
        // Noted at once, so that a walk that takes long is not begun a second time.
        known.set(serverId, { bytes, at: now })
        walks = walks.then(() => measure(serverId, now))
      }
      return bytes
    },
  }
}
