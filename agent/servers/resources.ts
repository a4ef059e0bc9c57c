import type { ServerId } from '../../contract/ids.ts'
import type { ResourceSample } from '../../contract/protocol/console.ts'
import { reasonOf } from '../log.ts'
import type { ServerDeps } from './server-deps.ts'

export interface ResourcesDeps
  extends Pick<ServerDeps, 'book' | 'runtime' | 'disks' | 'clock' | 'log' | 'closing'> {
  /** `false`: no link, or the object is behind; samples are not kept. */
  readonly send: (samples: ResourceSample[]) => boolean
}

/** Measures running servers: all of them now and then, the watched ones often, and nothing else. */
export interface Resources {
  /** The link is up: measuring begins. */
  resume(): void
  pause(): void
  /** Replaces the list of watched servers. */
  watch(serverIds: ReadonlySet<ServerId>): void
  /** The object cannot keep up: watched servers are measured as seldom as all. */
  slowDown(): void
}

/** Milliseconds. */
const allEvery = 60_000
const watchedEvery = 2_000
const slowFor = 30_000
/** Engine calls at a time. */
const atOnce = 8
/** Most samples that one frame holds. */
const perFrame = 256

export function createResources(deps: ResourcesDeps): Resources {
  const { book, runtime, disks, clock, log, closing } = deps
  let watched: ReadonlySet<ServerId> = new Set()
  let slowUntil = Number.NEGATIVE_INFINITY
  let cancelTimers: (() => void)[] = []
  let measuring = false

  const running = () =>
    book.serverIds().flatMap((serverId) => {
      const { containerId } = book.memory(serverId)
      return containerId === null ? [] : [{ serverId, containerId }]
    })

  const measure = async (only: ReadonlySet<ServerId> | null) => {
    // A sweep that takes longer than its interval is not run twice at a time.
    if (measuring || closing.aborted) return
    measuring = true
    try {
      const targets = running().filter(({ serverId }) => only?.has(serverId) ?? true)
      const samples: ResourceSample[] = []
      const one = async () => {
        for (let next = targets.pop(); next !== undefined; next = targets.pop()) {
          const sample = await runtime.sample(next.containerId)
          const disk = disks.of(next.serverId)
          const diskBytes = disk?.whole === true ? disk.bytes : null
          if (sample !== null) samples.push({ ...sample, diskBytes })
        }
      }
      await Promise.all(Array.from({ length: atOnce }, one))
      for (let at = 0; at < samples.length; at += perFrame) {
        deps.send(samples.slice(at, at + perFrame))
      }
    } catch (error) {
      log.debug('resources could not be measured', { reason: reasonOf(error) })
    } finally {
      measuring = false
    }
  }

  const repeat = (ms: number, work: () => Promise<void>) => {
    let cancel = () => {}
    const again = () => {
      cancel = clock.after(ms, () => {
        void work()
        again()
      })
    }
    again()
    cancelTimers.push(() => cancel())
  }

  const pause = () => {
    for (const cancel of cancelTimers) cancel()
    cancelTimers = []
  }

  return {
    resume: () => {
      pause()
      void measure(null)
      repeat(allEvery, () => measure(null))
      repeat(watchedEvery, async () => {
        if (watched.size > 0 && clock.monotonic() >= slowUntil) await measure(watched)
      })
    },
    pause,
    watch: (serverIds) => {
      watched = serverIds
    },
    slowDown: () => {
      slowUntil = clock.monotonic() + slowFor
    },
  }
}
