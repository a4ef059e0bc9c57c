/** What the one alarm of an object may be set for. */
export const wakeNames = [
  'greeting',
  'liveness',
  'commands',
  'alert',
  'watchers',
  'outbox',
  'pull',
  'prune',
] as const
export type WakeName = (typeof wakeNames)[number]

/** When each wake is due, milliseconds since 1970; one that is not in it is not wanted. */
export type Wakes = ReadonlyMap<WakeName, number>

/** Every wake-up whose time has come, in the order of `wakeNames`. */
export function dueWakes(wakes: Wakes, now: number): WakeName[] {
  return wakeNames.filter((name) => (wakes.get(name) ?? Number.POSITIVE_INFINITY) <= now)
}

const minute = 60_000

/** No wake is ever set further ahead than this. Milliseconds. */
const longestWait: Readonly<Record<WakeName, number>> = {
  greeting: 10 * minute,
  liveness: 2 * minute,
  // A deadline may be any time ahead; a look before it costs nothing.
  commands: 60 * minute,
  alert: 120 * minute,
  watchers: 60 * minute,
  outbox: 10 * minute,
  pull: 10 * minute,
  prune: 48 * 60 * minute,
}

/** Wakes that are further ahead than they were ever set: the clock went back under them, so they are due. */
export function strayWakes(wakes: Wakes, now: number): WakeName[] {
  return wakeNames.filter((name) => (wakes.get(name) ?? now) > now + longestWait[name])
}

/** When the next wake is due; null: none is wanted. */
export function nextWake(wakes: Wakes): number | null {
  return wakes.size === 0 ? null : Math.min(...wakes.values())
}

/**
 * What to set the alarm to; null: leave it. An alarm that is too early costs one empty run, and moving it
 * at every event would cost a write each, so it is only ever moved forward; the run itself sets it anew.
 * @param armed when the alarm is set for; null: it is not
 */
export function alarmFor(wakes: Wakes, armed: number | null, now: number): number | null {
  const next = nextWake(wakes)
  if (next === null) return null
  // Something overdue that could not be done must not turn the alarm into a busy loop.
  const at = Math.max(next, now + 10)
  return armed === null || at < armed ? at : null
}
