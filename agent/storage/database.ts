import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The agent's database. One handle is shared by all stores; each store owns its tables. */
export type Database = DatabaseSync

export interface OpenedDatabase {
  readonly database: Database
  /** Where a database that could not be read was put; null when there was nothing wrong. */
  readonly movedAside: string | null
}

/**
 * Opens the database, or starts a new one beside it when the old one is damaged. Write-ahead log and
 * `synchronous=FULL`: what was committed is on disk when the call returns [Q4].
 * @param stamp marks the name of a damaged database that is moved aside
 */
export function openDatabase(path: string, stamp: string): OpenedDatabase {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return { database: openChecked(path), movedAside: null }
  } catch (error) {
    if (!isDamage(error)) throw error
    const movedAside = `${path}.damaged-${stamp}`
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, movedAside + suffix)
    }
    return { database: openChecked(path), movedAside }
  }
}

/** Runs `work` in one transaction; what it throws undoes it. Not to be nested. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    undo(database)
    throw error
  }
}

function undo(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // After some failures, like a full disk, SQLite has undone the transaction by itself.
  }
}

function openChecked(path: string): Database {
  // SQLite would make it as the umask says; it holds the environments of servers.
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path)
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000',
    )
    const found = database.prepare('PRAGMA quick_check(1)').get()
    if (found?.quick_check !== 'ok') throw new DamagedDatabase(String(found?.quick_check))
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

class DamagedDatabase extends Error {
  override name = 'DamagedDatabase'
}

/** SQLITE_CORRUPT (11) and SQLITE_NOTADB (26); anything else, like a full disk, is not damage. */
function isDamage(error: unknown): boolean {
  if (error instanceof DamagedDatabase) return true
  if (!(error instanceof Error) || !('errcode' in error)) return false
  return typeof error.errcode === 'number' && [11, 26].includes(error.errcode & 0xff)
}
