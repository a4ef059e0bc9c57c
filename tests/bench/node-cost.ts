/**
 * What Cloudflare asks for Durable Objects, in dollars a million beyond what the paid plan includes each
 * month: developers.cloudflare.com/durable-objects/platform/pricing, the page of 19 June 2026, read on
 * 25 November 2026. Alarms and calls are requests; 20 messages of a socket are one; answers that the
 * platform gives by itself cost nothing. An object is billed as 128 MB while it works, and not while it
 * could hibernate. Setting an alarm is a row written.
 */
const prices = {
  requests: { included: 1_000_000, perMillion: 0.15 },
  gigabyteSeconds: { included: 400_000, perMillion: 12.5 },
  rowsWritten: { included: 50_000_000, perMillion: 1 },
} as const

const gigabytes = 0.128
const monthHours = 730
const messagesPerRequest = 20

/** How an idle node's object is woken in an hour. */
export interface Wakes {
  readonly alarms: number
  readonly pokes: number
  readonly frames: number
}

/** How long it works at each wake: it asks a database that may be on another continent. Milliseconds. */
const worksFor = 200
/** A row of the table of wakes, that of its index, and the alarm. */
const rowsPerAlarm = 3

/** Dollars a month for the objects of so many idle nodes, the plan's own price not counted. */
export function monthlyCost(nodes: number, wakes: Wakes): number {
  return total(nodes, wakes, beyondIncluded)
}

/** Dollars a month that one more idle node costs where all that the plan includes is used up. */
export function costOfOneMore(wakes: Wakes): number {
  return total(1, wakes, inFull)
}

/** The same for an object that is never let go of: what hibernation saves. */
export function costOfOneAwake(): number {
  return inFull('gigabyteSeconds', monthHours * 3600 * gigabytes)
}

export function costAwake(nodes: number): number {
  return beyondIncluded('gigabyteSeconds', nodes * monthHours * 3600 * gigabytes)
}

type Bill = (what: keyof typeof prices, amount: number) => number

function total(nodes: number, { alarms, pokes, frames }: Wakes, bill: Bill): number {
  const hours = nodes * monthHours
  const seconds = (alarms + pokes + frames) * (worksFor / 1000)
  return (
    bill('requests', hours * (alarms + pokes + frames / messagesPerRequest)) +
    bill('gigabyteSeconds', hours * seconds * gigabytes) +
    bill('rowsWritten', hours * alarms * rowsPerAlarm)
  )
}

function beyondIncluded(what: keyof typeof prices, amount: number): number {
  return inFull(what, Math.max(0, amount - prices[what].included))
}

function inFull(what: keyof typeof prices, amount: number): number {
  return (amount / 1_000_000) * prices[what].perMillion
}
