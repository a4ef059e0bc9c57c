/**
 * How far a container's log was read. `at` is the time of the last line that was read, `same` how
 * many lines in a row carry exactly that time, `latest` the latest time of any: clocks step back,
 * and the two output streams may overtake each other by microseconds. Entries that share a
 * nanosecond stand together: they are parts of one line. Times are RFC 3339 with nine digits of a
 * second.
 */
export interface LogPosition {
  readonly at: string
  readonly same: number
  readonly latest: string
}

/** What to do with an entry met while reading a log again from before a position. */
export type Verdict = 'seen' | 'new' | 'missing'

/** Where reading stands after one more entry with the time `at`. */
export function advance(position: LogPosition | null, at: string): LogPosition {
  if (position === null) return { at, same: 1, latest: at }
  const same = at === position.at ? position.same + 1 : 1
  return { at, same, latest: at > position.latest ? at : position.latest }
}

/**
 * Tells seen entries from new ones, in the log's own order. Entries count as seen up to the last
 * one that was read; an entry later than all that were read proves that this one is not in the log
 * any more: `missing`.
 * @param isWhole whether the reading holds everything the log has; else its first entries may be
 *   the rest of a group with equal times, and then nothing can be counted
 */
export function resumeAfter(
  { at: lastAt, same, latest }: LogPosition,
  isWhole: boolean,
): (at: string) => Verdict {
  let met = 0
  let isFirst = true
  let found = false
  return (at) => {
    if (found) return 'new'
    const isCutGroup = isFirst && !isWhole && at === lastAt
    isFirst = false
    if (isCutGroup || at > latest) return 'missing'
    if (at === lastAt) met += 1
    found = met === same
    return 'seen'
  }
}

/**
 * Where to read again from: a second before the position, because entries may stand out of order.
 */
export function sinceFor({ at }: LogPosition): string {
  const second = new Date(Date.parse(at) - 1000).toISOString().slice(0, 19)
  return `${second}.${fractionOf(at)}Z`
}

/** The same moment as the engine's log wants it: seconds since 1970, a point, nanoseconds. */
export function epochTime(at: string): string {
  return `${Math.floor(Date.parse(at) / 1000)}.${fractionOf(at)}`
}

/** Times with nine digits of a second in UTC, so that comparing texts compares times. */
export function fixedTime(at: string): string {
  const [, toSecond] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/.exec(at) ?? []
  if (toSecond === undefined) throw new Error(`not a time: ${at.slice(0, 40)}`)
  return `${toSecond}.${fractionOf(at)}Z`
}

function fractionOf(at: string): string {
  const [, digits = ''] = /^[^.]*\.(\d+)/.exec(at) ?? []
  return digits.slice(0, 9).padEnd(9, '0')
}
