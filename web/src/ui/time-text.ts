const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long ago, in one unit: "12 s ago", "3 min ago". @param ms milliseconds; below zero counts as zero */
export function agoText(ms: number): string {
  if (ms < 5 * second) return 'just now'
  return `${durationText(ms)} ago`
}

/** A duration in its largest unit, or two where the second one matters: "1 h 20 min". */
export function durationText(ms: number): string {
  const spent = Math.max(0, ms)
  if (spent < minute) return `${Math.floor(spent / second)} s`
  if (spent < hour) return `${Math.floor(spent / minute)} min`
  if (spent < day) return twoUnits(spent, hour, 'h', minute, 'min')
  return twoUnits(spent, day, 'd', hour, 'h')
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string) {
  const rest = Math.floor((ms % large) / small)
  const whole = `${Math.floor(ms / large)} ${largeName}`
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
}

/** The full instant in the reader's own zone, with the zone named. */
export function instantText(at: string): string {
  return new Date(at).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'long',
  })
}

/** The time of day; with the date when it was not today. @param now milliseconds since 1970 */
export function clockText(at: string, now: number): string {
  const date = new Date(at)
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  if (date.toDateString() === new Date(now).toDateString()) return time
  return `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${time}`
}
