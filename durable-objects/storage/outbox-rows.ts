import type { News } from '../effect.ts'
import { batchAtMost, type OutboxRow, thingOf } from '../outbox.ts'
import { fromOwnJson } from './own-json.ts'

/** Events on their way to the ledger. Numbers grow for ever, also after the table was empty [L1]. */
export class OutboxRows {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  /** Adds an event in the place of what waits about the same thing [L2]. */
  add(news: News, now: number): void {
    const thing = thingOf(news)
    this.sql.exec('DELETE FROM outbox WHERE thing = ?', thing)
    this.sql.exec(
      'INSERT INTO outbox (thing, at, news) VALUES (?, ?, ?)',
      thing,
      now,
      JSON.stringify(news),
    )
  }

  /** The oldest events, as many as one delivery may hold. */
  first(): OutboxRow[] {
    return this.sql
      .exec<{ event_no: number; at: number; news: string }>(
        'SELECT event_no, at, news FROM outbox ORDER BY event_no LIMIT ?',
        batchAtMost,
      )
      .toArray()
      .map((row) => ({
        eventNo: row.event_no,
        at: row.at,
        news: fromOwnJson<News>(row.news),
        chars: row.news.length,
      }))
  }

  removeUpTo(eventNo: number): void {
    this.sql.exec('DELETE FROM outbox WHERE event_no <= ?', eventNo)
  }

  /** The highest number that was ever given; 0: none was. */
  highest(): number {
    const [row] = this.sql
      .exec<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'outbox'`)
      .toArray()
    return row?.seq ?? 0
  }

  /** Gives everything that waits a number above `eventNo`, in the order it has. */
  renumberAfter(eventNo: number): void {
    // Inserted anew, since only an insert moves the counter that later numbers come from.
    const { sql } = this
    const rows = 'SELECT event_no + ?, thing, at, news FROM outbox ORDER BY event_no'
    sql.exec(`INSERT INTO outbox (event_no, thing, at, news) ${rows}`, eventNo)
    sql.exec('DELETE FROM outbox WHERE event_no <= ?', eventNo)
  }
}
