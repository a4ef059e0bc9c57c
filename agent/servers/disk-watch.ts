import type { ServerId } from '../../contract/ids.ts'
import { afterMeasurement, type DiskState, diskAtRest } from './disk-policy.ts'
import type { ServerDeps } from './server-deps.ts'

export interface DiskWatchDeps
  extends Pick<ServerDeps, 'book' | 'console' | 'disks' | 'clock' | 'closing'> {
  /** A server is to be stopped. */
  readonly tooBig: (serverId: ServerId) => void
}

/** Warns running servers whose files grow over their limit, and says which have to be stopped. */
export interface DiskWatch {
  start(): void
  /** The server that runs now has to be stopped. */
  mustStop(serverId: ServerId): boolean
}

/** Between two looks at what was measured. Milliseconds. */
const lookEvery = 15_000

export function createDiskWatch(deps: DiskWatchDeps): DiskWatch {
  const { book, console, disks, clock, closing } = deps
  /** By the container that runs: its next one begins anew. */
  let states = new Map<string, DiskState>()

  const look = () => {
    const next: typeof states = new Map()
    for (const serverId of book.serverIds()) {
      const { containerId } = book.memory(serverId)
      if (containerId !== null) next.set(containerId, judge(serverId, containerId))
    }
    states = next
  }

  const judge = (serverId: ServerId, containerId: string): DiskState => {
    const before = states.get(containerId) ?? diskAtRest
    const desired = book.desired(serverId)
    const usage = disks.of(serverId)
    if (desired === null || usage === null) return before
    const { diskMb } = desired.spec.limits
    const { state, say } = afterMeasurement(before, usage, diskMb, clock.monotonic())
    if (say !== null) console.system(serverId, say)
    if (state.mustStop && !before.mustStop) {
      const { startNo } = book.memory(serverId).observed
      const problem = { code: 'disk_full', message: say ?? '', startNo } as const
      book.remember(serverId, { observed: { problem } })
      // After this look's states are in place, which the plan asks for.
      queueMicrotask(() => deps.tooBig(serverId))
    }
    return state
  }

  return {
    start: () => {
      let cancel = () => {}
      const again = () => {
        cancel = clock.after(lookEvery, () => {
          look()
          again()
        })
      }
      closing.addEventListener('abort', () => cancel())
      again()
    },
    mustStop: (serverId) => {
      const { containerId } = book.memory(serverId)
      return containerId !== null && states.get(containerId)?.mustStop === true
    },
  }
}
