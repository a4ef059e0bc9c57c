import type { Clock } from '../clock.ts'
import { type Log, reasonOf } from '../log.ts'
import {
  advance,
  fixedTime,
  type LogPosition,
  resumeAfter,
  sinceFor,
  type Verdict,
} from '../runtime/log-position.ts'
import { type ContainerView, type LogLine, type Runtime, RuntimeError } from '../runtime/runtime.ts'
import type { ConsoleLog } from './console-log.ts'
import type { ConsoleStore } from './console-store.ts'
import { openThrottle, type Throttle, throttle } from './console-throttle.ts'

/** Between two looks at a log, in milliseconds: somebody watches, or nobody does. */
const pace = { watched: 50, unwatched: 500 } as const

/** Between two tries while the engine is away, doubling up to the second. Milliseconds. */
const retry = { first: 250, most: 5_000 } as const

/** Dropped lines are told of this long after the last one, if none that is kept comes before. */
const tellDroppedAfter = 1_000

export interface ReaderDeps {
  readonly runtime: Runtime
  readonly store: ConsoleStore
  readonly lines: ConsoleLog
  readonly clock: Clock
  readonly log: Log
  readonly isWatched: (container: ContainerView) => boolean
}

/**
 * Reads a container's output into the log, from the last line that was kept of it on [D7], until the container
 * has ended or is gone, or the signal comes. Waits for an engine that is away. Never rejects.
 */
export async function readOutput(
  deps: ReaderDeps,
  container: ContainerView,
  signal: AbortSignal,
): Promise<void> {
  const { runtime, clock, log } = deps
  const intake = createIntake(deps, container)
  const paceNow = () => (deps.isWatched(container) ? pace.watched : pace.unwatched)
  let wait: number = retry.first
  while (!signal.aborted) {
    const take = intake.resume()
    try {
      const onLine = (line: LogLine) => {
        wait = retry.first
        if (!signal.aborted) take(line)
      }
      await runtime.follow(container.id, intake.since(), onLine, signal, paceNow)
      break
    } catch (error) {
      if (error instanceof RuntimeError && error.fault === 'no_such_container') break
      log.debug('a container cannot be read', { id: container.id, reason: reasonOf(error) })
    }
    await pause(clock, wait, signal)
    wait = Math.min(retry.most, wait * 2)
  }
  if (!signal.aborted) intake.end()
}

interface Intake {
  /** Where to read from; null: the start. */
  since(): string | null
  /** Begins a new reading from there: what is known of it already is passed over. */
  resume(): (line: LogLine) => void
  end(): void
}

function createIntake({ store, lines, clock }: ReaderDeps, container: ContainerView): Intake {
  const { serverId, role } = container.marks
  let position = store.positionOf(container.id)
  let throttled: Throttle = openThrottle
  let cancelTelling = () => {}

  const note = (at: LogPosition) =>
    lines.advance({ containerId: container.id, serverId, position: at })

  /** Before it was told of, the position stays where it is: read again, they are dropped again. */
  const tellDropped = (at: number) => {
    cancelTelling()
    if (throttled.dropped === 0) return
    if (position !== null) note(position)
    lines.add(serverId, 'gap', String(throttled.dropped), at)
    throttled = { ...throttled, dropped: 0 }
  }

  const takeNew = ({ stream, text }: LogLine, engineAt: string, lost: boolean) => {
    const at = Date.parse(engineAt)
    const { next, keep, droppedBefore } = throttle(throttled, at)
    if (droppedBefore > 0) tellDropped(at)
    throttled = next
    position = advance(position, engineAt)
    if (!keep) {
      cancelTelling()
      cancelTelling = clock.after(tellDroppedAfter, () => tellDropped(at))
      return
    }
    note(position)
    if (lost) lines.add(serverId, 'gap', 'unknown', at)
    lines.add(serverId, role === 'install' ? 'install' : stream, text, at)
  }

  return {
    since: () => (position === null ? null : sinceFor(position)),
    resume: () => {
      let judge: ((at: string) => Verdict) | null =
        position === null ? null : resumeAfter(position, true)
      return (line) => {
        const at = fixedTime(line.at)
        const verdict = judge === null ? 'new' : judge(at)
        if (verdict === 'seen') return
        // From the first line on that was not seen, all are new: the log's order does not change.
        judge = null
        takeNew(line, at, verdict === 'missing' || line.lostBefore === true)
      }
    },
    end: () => tellDropped(clock.now()),
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    const stop = () => {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
}
