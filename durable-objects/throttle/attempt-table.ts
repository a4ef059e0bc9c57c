import type { AttemptStore } from './attempt-book.ts'
import type { AttemptRow } from './attempts.ts'

/** Append only: see `migrate`. */
export const throttleMigrations: readonly string[] = [
  `
  CREATE TABLE attempts (
    name TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    before INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX attempts_weakest ON attempts (count, at);
  CREATE INDEX attempts_oldest ON attempts (at);
  `,
]

type Stored = { name: string; count: number; at: number; before: number }

/** Rows in the object's own tables. */
export class AttemptTable implements AttemptStore {
  private readonly sql: SqlStorage
  /** Kept here, since counting them reads them all. */
  private rows: number

  constructor(sql: SqlStorage) {
    this.sql = sql
    this.rows = sql.exec<{ rows: number }>('SELECT count(*) AS rows FROM attempts').one().rows
  }

  get size(): number {
    return this.rows
  }

  find(name: string): AttemptRow | null {
    return this.first('SELECT * FROM attempts WHERE name = ?', name)
  }

  put({ name, count, at, before }: AttemptRow): void {
    if (this.find(name) === null) this.rows += 1
    this.sql.exec(
      'INSERT OR REPLACE INTO attempts (name, count, at, before) VALUES (?, ?, ?, ?)',
      name,
      count,
      at,
      before,
    )
  }

  drop(name: string): void {
    this.dropped('DELETE FROM attempts WHERE name = ? RETURNING name', name)
  }

  weakest(besides: readonly string[]): AttemptRow | null {
    return this.first(
      `SELECT * FROM attempts WHERE name NOT IN (SELECT value FROM json_each(?))
       ORDER BY count, at LIMIT 1`,
      JSON.stringify(besides),
    )
  }

  dropUntil(at: number): void {
    this.dropped('DELETE FROM attempts WHERE at <= ? RETURNING name', at)
  }

  oldest(): number | null {
    return this.sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM attempts').one().at
  }

  private first(query: string, ...values: string[]): AttemptRow | null {
    return this.sql.exec<Stored>(query, ...values).toArray()[0] ?? null
  }

  private dropped(query: string, value: string | number): void {
    this.rows -= this.sql.exec(query, value).toArray().length
  }
}
