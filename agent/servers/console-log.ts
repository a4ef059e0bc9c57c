import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { type Clock, isoTime } from '../clock.ts'
import { type Log, reasonOf } from '../log.ts'
import type { LogPosition } from '../runtime/log-position.ts'
import type { ConsoleListener } from './console-port.ts'
import type { ConsoleStore, NumberedLine, ReadPosition } from './console-store.ts'
import { cleanText } from './console-text.ts'

/** Lines wait this long for company on their way to disk, at most. Milliseconds. */
const gatherFor = 50

/** So many waiting lines are written at once, whatever the time. */
const gatherAtMost = 1_000

/** While the disk refuses to take them, so many wait before they are given up and counted. */
const waitingAtMost = 5_000

const retryAfter = 1_000

/** A line on its way into the log: it has no number yet. */
interface Waiting {
  readonly serverId: ServerId
  readonly at: number
  readonly stream: ConsoleLine['stream']
  readonly text: string
}

/** Numbers lines and writes them down before anybody is told of them [C1]. */
export interface ConsoleLog {
  /** @param at milliseconds since 1970 */
  add(serverId: ServerId, stream: ConsoleLine['stream'], text: string, at: number): void
  /** Notes how far a container was read; written together with the line that is added next. */
  advance(position: ReadPosition): void
  /** How far a container was read, with what still waits for the disk; null: not at all. */
  positionOf(containerId: string): LogPosition | null
  /** Other containers are gone: how far they were read need not be known any more. */
  keepPositions(containerIds: readonly string[]): void
  /** Writes what waits. */
  flush(): void
  /**
   * When the panel knows of more lines than this log, it was lost: a gap goes on above them [C2].
   */
  continueAbove(serverId: ServerId, seq: number): void
  /** Drops what waits and what is known of a server. */
  forget(serverId: ServerId): void
}

export interface ConsoleLogDeps {
  readonly store: ConsoleStore
  readonly clock: Clock
  readonly log: Log
  readonly onLine: ConsoleListener
}

export function createConsoleLog({ store, clock, log, onLine }: ConsoleLogDeps): ConsoleLog {
  const heads = new Map<ServerId, number>()
  let waiting: Waiting[] = []
  let positions = new Map<string, ReadPosition>()
  let lastFlush = Number.NEGATIVE_INFINITY
  let cancelTimer: (() => void) | null = null

  const headOf = (serverId: ServerId) => heads.get(serverId) ?? store.lastSeq(serverId)

  const flush = () => {
    cancelTimer?.()
    cancelTimer = null
    if (waiting.length === 0 && positions.size === 0) return
    lastFlush = clock.monotonic()
    const numbered = numberLines(waiting, headOf)
    try {
      store.append(numbered, [...positions.values()])
    } catch (error) {
      log.error('console lines could not be written', { reason: reasonOf(error) })
      if (waiting.length >= waitingAtMost) waiting = countedAsLost(waiting)
      schedule(retryAfter)
      return
    }
    waiting = []
    positions = new Map()
    for (const { serverId, line } of numbered) heads.set(serverId, line.seq)
    for (const { serverId, line } of numbered) onLine(serverId, line)
  }

  const schedule = (ms: number) => {
    cancelTimer ??= clock.after(ms, flush)
  }

  const add: ConsoleLog['add'] = (serverId, stream, text, at) => {
    waiting.push({ serverId, stream, text: cleanText(text), at })
    const rest = lastFlush + gatherFor - clock.monotonic()
    // The first line after a quiet moment is not held back.
    if (rest <= 0 || waiting.length % gatherAtMost === 0) flush()
    else schedule(rest)
  }

  return {
    add,
    advance: (read) => {
      positions.set(read.containerId, read)
      schedule(gatherFor)
    },
    positionOf: (containerId) =>
      positions.get(containerId)?.position ?? store.positionOf(containerId),
    keepPositions: (containerIds) => {
      try {
        store.keepPositions(containerIds)
      } catch (error) {
        log.warn('old log positions stay', { reason: reasonOf(error) })
      }
    },
    flush,
    continueAbove: (serverId, seq) => {
      flush()
      if (headOf(serverId) >= seq) return
      heads.set(serverId, seq)
      add(serverId, 'gap', 'unknown', clock.now())
    },
    forget: (serverId) => {
      waiting = waiting.filter((line) => line.serverId !== serverId)
      for (const [id, read] of positions) if (read.serverId === serverId) positions.delete(id)
      heads.delete(serverId)
    },
  }
}

function numberLines(
  waiting: readonly Waiting[],
  headOf: (serverId: ServerId) => number,
): NumberedLine[] {
  const numbers = new Map<ServerId, number>()
  return waiting.map(({ serverId, at, stream, text }) => {
    const seq = (numbers.get(serverId) ?? headOf(serverId)) + 1
    numbers.set(serverId, seq)
    return { serverId, line: { seq, at: isoTime(at), stream, text } }
  })
}

/** One gap per server in place of its lines. */
function countedAsLost(waiting: readonly Waiting[]): Waiting[] {
  const counts = new Map<ServerId, { lost: number; at: number }>()
  for (const { serverId, at, stream, text } of waiting) {
    const known = counts.get(serverId)?.lost ?? 0
    const lost = stream === 'gap' ? Number(text) || 1 : 1
    counts.set(serverId, { lost: known + lost, at })
  }
  return [...counts].map(([serverId, { lost, at }]) => {
    return { serverId, at, stream: 'gap', text: String(lost) }
  })
}
