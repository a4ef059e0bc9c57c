import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Somebody else works in this data directory. */
export class DirectoryInUse extends Error {
  override name = 'DirectoryInUse'
}

/**
 * Makes this process the only agent of a data directory [N2]. The lock is SQLite's own exclusive lock on
 * a database that holds nothing else: the kernel lets go of it when the process dies, however it dies, so
 * there is no stale lock to clean up. A socket in the abstract namespace would do that too, but two
 * containers that share the directory do not share that namespace.
 * @returns a function that lets go
 * @throws {DirectoryInUse}
 */
export function lockDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(dataDir, lockName))
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) {
      throw new DirectoryInUse(`Another agent works in ${dataDir}. One directory is one node.`)
    }
    throw error
  }
  return () => database.close()
}

/** Whether an agent was ever here; asking for the lock would leave its file. */
export function wasLocked(dataDir: string): boolean {
  return existsSync(join(dataDir, lockName))
}

const lockName = 'lock.sqlite'

/** SQLITE_BUSY (5). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
