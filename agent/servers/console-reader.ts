import type { ConsoleLine } from '../../contract/protocol/console.ts'
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
import { createThrottle } from './console-throttle.ts'

/** Between two looks at a log, in milliseconds: somebody watches, or nobody does. */
const pace = { watched: 50, unwatched: 500 } as const

/** Between two tries while the engine is away, doubling up to the second. Milliseconds. */
const retry = { first: 250, most: 5_000 } as const

/** A flood is over when nothing came for this long. Milliseconds. */
const floodEndsAfter = 1_000

export interface ReaderDeps {
  readonly runtime: Runtime
  readonly lines: ConsoleLog
  readonly clock: Clock
  readonly log: Log
  readonly isWatched: (container: ContainerView) => boolean
}

/**
 * Reads a container's output into the log, from the last line that was kept of it on [D7], until
 * the container has ended or is gone, or the signal comes. Waits for an engine that is away. Never
 * rejects.
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
  if (signal.aborted) intake.breakOff()
  else intake.end()
}

interface Intake {
  /** Where to read from; null: the start. */
  since(): string | null
  /** Begins a new reading from there: what is known of it already is passed over. */
  resume(): (line: LogLine) => void
  end(): void
  breakOff(): void
}

/** A line that is new, with where reading goes on after it. */
interface NewLine {
  readonly at: number
  readonly stream: ConsoleLine['stream']
  readonly text: string
  readonly position: LogPosition
}

function createIntake({ lines, clock }: ReaderDeps, container: ContainerView): Intake {
  const { serverId, role } = container.marks
  const throttle = createThrottle<NewLine>()
  let position = lines.positionOf(container.id)
  let cancelEnd = () => {}

  const put = ({ at, stream, text, position }: NewLine) => {
    lines.advance({ containerId: container.id, serverId, position })
    lines.add(serverId, stream, text, at)
  }

  /** Until then the position is before the flood: read again, it is held back again. */
  const endFlood = () => {
    cancelEnd()
    const flood = throttle.endFlood()
    if (flood === null) return
    const { dropped, kept } = flood
    if (dropped !== null) put({ ...dropped.last, stream: 'gap', text: String(dropped.count) })
    kept.forEach(put)
  }

  const takeNew = ({ stream, text }: LogLine, engineAt: string, lost: boolean) => {
    const at = Date.parse(engineAt)
    position = advance(position, engineAt)
    const line: NewLine = { at, stream: role === 'install' ? 'install' : stream, text, position }
    if (!throttle.passes(line, at)) {
      cancelEnd()
      cancelEnd = clock.after(floodEndsAfter, endFlood)
      return
    }
    endFlood()
    if (lost) lines.add(serverId, 'gap', 'unknown', at)
    put(line)
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
    end: endFlood,
    breakOff: () => cancelEnd(),
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
