import { DatabaseSync, type StatementSync } from 'node:sqlite'

export type Value = string | number | null
export type Row = { [column: string]: Value }

/**
 * The SQLite that a thread's objects are simulated on, one after the other. Making tables costs more than a
 * whole seed, so they are made once and each seed runs in a transaction that is undone in the end.
 */
export class SharedDatabase {
  private readonly database = new DatabaseSync(':memory:')
  private readonly statements = new Map<string, StatementSync>()

  /** @param migrate the product's own: makes the tables */
  constructor(migrate: (storage: unknown) => void) {
    // Savepoints within savepoints are undone from a journal, which would be a file.
    this.database.exec('PRAGMA temp_store = MEMORY')
    const exec = (text: string, ...bindings: Value[]) => {
      if (!/^\s*CREATE/.test(text)) return cursor(this.all(text, bindings))
      // Many statements in one text, which a prepared statement cannot be.
      this.database.exec(text)
      return cursor([])
    }
    migrate({ sql: { exec }, transactionSync: (work: () => void) => work() })
  }

  begin(): void {
    this.run('BEGIN')
  }

  undoAll(): void {
    this.run('ROLLBACK')
  }

  run(text: string): void {
    this.statement(text).run()
  }

  change(text: string, bindings: readonly Value[]): void {
    this.statement(text).run(...bindings)
  }

  all(text: string, bindings: readonly Value[]): Row[] {
    return this.statement(text).all(...bindings) as Row[] // No blobs are bound.
  }

  private statement(text: string): StatementSync {
    const known = this.statements.get(text)
    if (known !== undefined) return known
    const made = this.database.prepare(text)
    this.statements.set(text, made)
    return made
  }
}

/** What `sql.exec` answers with. */
export function cursor(rows: Row[]) {
  return {
    toArray: () => rows,
    one: () => {
      const [row] = rows
      if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows, not one`)
      return row
    },
  }
}
