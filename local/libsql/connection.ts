import Database from 'libsql'
import type { Attempt, LockQueue, Patience } from './lock-queue.ts'
import { readResult, type Statement } from './read-result.ts'
import { SqlError, toSqlError } from './sql-error.ts'
import type { SqlStatement } from './sql-text.ts'
import type { SqlValue, StmtResult } from './wire.ts'

/** One connection to the database file; used by one stream at a time, one statement at a time. */
export class Connection {
  readonly #db: Database.Database
  readonly #locks: LockQueue
  readonly #counters: Statement
  #isSpoiled = false
  #ranPragma = false

  /**
   * Opens the file, creating it when absent. `busy_timeout` stays 0, because waiting for a lock
   * is the lock queue's work.
   */
  constructor(file: string, locks: LockQueue) {
    this.#locks = locks
    this.#db = new Database(file, { timeout: 0 })
    this.#db.pragma('journal_mode = WAL')
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('foreign_keys = ON')
    this.#counters = this.#prepare('SELECT total_changes(), changes(), last_insert_rowid()')
  }

  /**
   * Runs one statement to its end, waiting for other writers as long as `patience` allows.
   * Rejects with an `SqlError` that carries the engine's code.
   */
  async execute(
    statement: SqlStatement,
    values: readonly SqlValue[],
    wantRows: boolean,
    patience: Patience,
  ): Promise<StmtResult> {
    const wasInTransaction = this.#db.inTransaction
    if (statement.words[0] === 'PRAGMA') this.#ranPragma = true
    let prepared: Statement | null = null
    let busy = new SqlError('SQLITE_BUSY', 'database is locked')
    const attempt = (): Attempt<StmtResult> => {
      try {
        // A retry must use the same prepared statement: SQLite keeps a busy one half-run, and
        // while it is, nothing else that the connection writes is ever committed.
        prepared ??= this.#prepare(statement.sql)
        return { done: true, value: readResult(prepared, values, wantRows, this.#counters) }
      } catch (error) {
        busy = this.#busyOrThrow(error)
        // A snapshot that others have written past stays so: waiting cannot help.
        if (busy.code === 'SQLITE_BUSY_SNAPSHOT' || this.#isSpoiled) this.#abandon(prepared, busy)
        return { done: false }
      }
    }
    const outcome = await this.#locks.run(attempt, patience)
    if (!outcome.done) this.#abandon(prepared, busy)
    if (wasInTransaction && !this.#db.inTransaction) this.#locks.released()
    return outcome.value
  }

  /** Rolls back what is open; false when the connection must not be used again. */
  reset(): boolean {
    try {
      if (this.#db.inTransaction) this.#rollBack()
      if (this.#ranPragma) this.#db.pragma('foreign_keys = ON')
      this.#ranPragma = false
      return !this.#isSpoiled
    } catch {
      // What cannot even roll back is closed by its owner, and closing rolls back as well.
      return false
    }
  }

  close(): void {
    this.#db.close()
  }

  /** Moves what the log holds into the database file, as far as readers allow. */
  checkpoint(): void {
    this.#db.pragma('wal_checkpoint(TRUNCATE)')
  }

  #prepare(sql: string): Statement {
    const prepared = this.#db.prepare(sql)
    if (prepared.reader) prepared.safeIntegers(true).raw(true)
    return prepared
  }

  #rollBack(): void {
    this.#db.exec('ROLLBACK')
    this.#locks.released()
  }

  #busyOrThrow(error: unknown): SqlError {
    const failure = toSqlError(error)
    // Leaving off in the middle of an answer leaves the statement half-run, beyond repair.
    if (failure.code === 'RESPONSE_TOO_LARGE') this.#isSpoiled = true
    if (failure.code.startsWith('SQLITE_BUSY')) return failure
    throw failure
  }

  /** Ends a statement that stayed busy: run on a connection that may not write, it fails cleanly. */
  #abandon(prepared: Statement | null, busy: SqlError): never {
    if (prepared === null) throw busy
    this.#db.pragma('query_only = ON')
    try {
      prepared.run([])
      this.#isSpoiled = true
    } catch (error) {
      if (toSqlError(error).code !== 'SQLITE_READONLY') this.#isSpoiled = true
    }
    this.#db.pragma('query_only = OFF')
    throw busy
  }
}
