import type { Progress } from '../contract/protocol/commands.ts'
import type { Clock } from './clock.ts'

/** Sends progress and new log lines; `false`: no link. */
export type ProgressSend = (progress: Progress, log: readonly string[]) => boolean

/** Tells how a command goes, at most twice a second; the newest is kept [Q12]. */
export interface ProgressReporter {
  change(change: Partial<Progress>): void
  line(text: string): void
  /** Offers again what could not be sent. */
  offer(): void
  /** Sends what is left, when its turn has come; nothing is reported after it. */
  finish(): Promise<void>
  /** The agent ends: whoever waits for `finish` waits no longer. */
  drop(): void
}

/** Shortest time between two reports of one command. Milliseconds. */
const apart = 500
/** Lines that are kept of what was not sent yet, and the most that one report carries. */
const mostLines = 200
const longestLine = 2000
/** Bytes of log in one frame; the rest of the frame is small. */
const mostBytes = 200_000

export function createProgressReporter(clock: Clock, send: ProgressSend): ProgressReporter {
  let progress: Progress = { percent: null, bytes: null, message: null }
  let lines: string[] = []
  let news = false
  let sentAt = Number.NEGATIVE_INFINITY
  let cancelTimer: (() => void) | null = null
  let stopWaiting = () => {}

  const flush = () => {
    cancelTimer = null
    if (!news) return
    const fitting = newestWithin(lines, mostBytes)
    if (!send(progress, fitting)) return
    sentAt = clock.monotonic()
    lines = []
    news = false
  }
  const plan = () => {
    news = true
    if (cancelTimer !== null) return
    const wait = sentAt + apart - clock.monotonic()
    if (wait <= 0) flush()
    else cancelTimer = clock.after(wait, flush)
  }
  return {
    change: (change) => {
      const message = (change.message ?? progress.message)?.slice(0, 500) ?? null
      progress = { ...progress, ...change, message }
      plan()
    },
    line: (text) => {
      lines = [...lines, text.slice(0, longestLine)].slice(-mostLines)
      plan()
    },
    offer: () => {
      if (news) plan()
    },
    finish: async () => {
      cancelTimer?.()
      const wait = sentAt + apart - clock.monotonic()
      if (news && wait > 0) {
        await new Promise<void>((resolve) => {
          stopWaiting = resolve
          clock.after(wait, resolve)
        })
      }
      flush()
    },
    drop: () => stopWaiting(),
  }
}

/** The last lines that are not longer than this together. */
function newestWithin(lines: readonly string[], bytes: number): readonly string[] {
  let left = bytes
  let from = lines.length
  while (from > 0) {
    // Escaping may double a character, and no line is far longer than its text otherwise.
    left -= 2 * Buffer.byteLength(lines[from - 1] ?? '') + 3
    if (left < 0) break
    from -= 1
  }
  return lines.slice(from)
}
