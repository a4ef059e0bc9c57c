import type { Clock } from '../../agent/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on and does, in order, what is due on the way. */
  advance(ms: number): void
  /** Nothing that was planned happens any more, as in a process that was killed. */
  kill(): void
}

/** A clock that stands still until it is moved. @param after another one, from whose time it goes on */
export function manualClock(after?: Clock): ManualClock {
  const from = after?.monotonic() ?? 1_000_000
  const startsAt = after?.now() ?? Date.parse('2026-11-24T12:00:00Z')
  let elapsed = from
  let timers: { due: number; order: number; work: () => void }[] = []
  let order = 0
  let killed = false
  const nextDue = (until: number) =>
    timers
      .filter(({ due }) => due <= until)
      .sort((one, other) => one.due - other.due || one.order - other.order)[0]
  return {
    now: () => startsAt + elapsed - from,
    monotonic: () => elapsed,
    after: (ms, work) => {
      const timer = { due: elapsed + Math.max(0, ms), order: order++, work }
      if (!killed) timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: (ms) => {
      const until = elapsed + ms
      for (let next = nextDue(until); next !== undefined; next = nextDue(until)) {
        const { due, work } = next
        timers = timers.filter((other) => other !== next)
        elapsed = Math.max(elapsed, due)
        work()
      }
      elapsed = until
    },
    kill: () => {
      timers = []
      killed = true
    },
  }
}
