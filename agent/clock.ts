/** Time as the agent sees it; tests pass one that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970. May jump. */
  now(): number
  /** Milliseconds that only go forward, counted from the host's boot: they outlive this process [Q9]. */
  monotonic(): number
  /** Calls `work` once after `ms`; the returned function calls it off. */
  after(ms: number, work: () => void): () => void
}

/** Longest delay that a timer can hold (2^31 - 1 ms, 24 days). */
const longestTimer = 2_147_483_647

/** The real clock. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => Number(process.hrtime.bigint() / 1_000_000n),
    after: (ms, work) => {
      const timer = setTimeout(work, Math.min(Math.max(0, ms), longestTimer))
      return () => clearTimeout(timer)
    },
  }
}

/** A moment as frames carry it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** Waits for the work, but no longer than `ms`; the work goes on all the same. */
export async function settledWithin(clock: Clock, ms: number, work: Promise<unknown>) {
  let cancel = () => {}
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve)
  })
  await Promise.race([work, late])
  cancel()
}
