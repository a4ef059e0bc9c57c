import { assertNever } from '../contract/assert-never.ts'
import type { LedgerEvent } from '../contract/rpc.ts'
import type { News } from './effect.ts'

/** One delivery holds at most this many events, and about this many characters of JSON. */
export const batchAtMost = 100
export const batchCharsAtMost = 200 * 1024

/** An event as it waits for the ledger. `at` is milliseconds since 1970. */
export interface OutboxRow {
  readonly eventNo: number
  readonly at: number
  readonly news: News
  /** Length of the news as JSON. */
  readonly chars: number
}

/**
 * What an event is about. A later event about the same thing takes the place of one that still waits, under
 * a number of its own [L2]. That is safe for one that may have left too: applied or not, the newer number is
 * applied after it, and says all that the older one said.
 */
export function thingOf(news: News): string {
  switch (news.type) {
    case 'node.online':
    case 'node.offline':
      return 'presence'
    case 'node.runtime':
      return 'runtime'
    case 'node.alert':
      return `alert:${news.alert}`
    case 'node.alert_over':
      return 'alert_over'
    case 'server.observed':
      return `server:${news.observed.serverId}`
    case 'server.removed':
      return `server:${news.serverId}`
    case 'operation.changed':
      return `operation:${news.operation.id}`
    default:
      return assertNever(news)
  }
}

/** The next delivery: the oldest events, in order, as many as fit; one that is too large goes alone. */
export function nextBatch(waiting: readonly OutboxRow[]): LedgerEvent[] {
  const batch: LedgerEvent[] = []
  let chars = 0
  for (const { eventNo, at, news, chars: length } of waiting) {
    chars += length
    if (batch.length >= batchAtMost || (batch.length > 0 && chars > batchCharsAtMost)) break
    batch.push({ eventNo, at: new Date(at).toISOString(), ...news })
  }
  return batch
}

/** Wait before attempt `tries` + 1, in milliseconds: nothing is given up, the ledger must get everything. */
export function retryAfter(tries: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.max(0, Math.min(tries, 10) - 1))
}
