/** Lines of one server that are kept of each second; what comes on top is a flood. */
const linesPerSecond = 2_000

/** The last lines of a flood are kept, because they tell how it ended. */
const keptOfFlood = 100

export interface Flood<Line> {
  /** How many lines were dropped, and the last of them. */
  readonly dropped: { readonly count: number; readonly last: Line } | null
  /** What came after it, oldest first. */
  readonly kept: readonly Line[]
}

/** Holds back what a server prints beyond 2,000 lines a second. */
export interface Throttle<Line> {
  /**
   * Whether a line is let through; if not, it belongs to the flood. It goes by when the line was
   * printed, not by when it was read: what was printed slowly while nobody read is all let through.
   * @param at when it was printed, milliseconds since 1970
   */
  passes(line: Line, at: number): boolean
  /**
   * What was held back since this was asked last; null: nothing. Comes before the line that passes
   * next.
   */
  endFlood(): Flood<Line> | null
}

export function createThrottle<Line>(): Throttle<Line> {
  let second = Number.NEGATIVE_INFINITY
  let passed = 0
  let count = 0
  let last: Line | null = null
  let held: Line[] = []

  const hold = (line: Line) => {
    held.push(line)
    if (held.length <= keptOfFlood) return
    last = held.shift() ?? null
    count += 1
  }

  return {
    passes: (line, at) => {
      const now = Math.floor(at / 1000)
      passed = now === second ? passed + 1 : 1
      second = now
      if (passed <= linesPerSecond) return true
      hold(line)
      return false
    },
    endFlood: () => {
      if (held.length === 0) return null
      const flood = { dropped: last === null ? null : { count, last }, kept: held }
      count = 0
      last = null
      held = []
      return flood
    },
  }
}
