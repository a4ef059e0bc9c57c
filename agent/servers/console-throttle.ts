/** Lines of one server that are kept of each second; the rest is counted and dropped. */
export const linesPerSecond = 2_000

/** The second that is being counted, by the engine's clock, and what was kept and dropped in it. */
export interface Throttle {
  readonly second: number
  readonly kept: number
  readonly dropped: number
}

export const openThrottle: Throttle = { second: Number.NEGATIVE_INFINITY, kept: 0, dropped: 0 }

export interface Throttled {
  readonly next: Throttle
  readonly keep: boolean
  /** Lines dropped before this one that nobody was told of yet. */
  readonly droppedBefore: number
}

/**
 * Whether a line is kept. It goes by when the line was printed, not by when it was read: what was printed slowly
 * while nobody read is all kept.
 * @param at when it was printed, milliseconds since 1970
 */
export function throttle(state: Throttle, at: number): Throttled {
  const second = Math.floor(at / 1000)
  const sameSecond = second === state.second
  if (sameSecond && state.kept >= linesPerSecond) {
    return { next: { ...state, dropped: state.dropped + 1 }, keep: false, droppedBefore: 0 }
  }
  const kept = sameSecond ? state.kept + 1 : 1
  return { next: { second, kept, dropped: 0 }, keep: true, droppedBefore: state.dropped }
}
