import { mkdirSync, readFileSync, statSync } from 'node:fs'
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

/**
 * The process that holds the lock, told by the kernel's own list: to try the lock would keep an agent out that
 * starts just then. Null: nobody does, or a process that this one may not see.
 */
export function lockHolder(dataDir: string): number | null {
  const file = statSync(join(dataDir, lockName), { throwIfNoEntry: false })
  if (file === undefined) return null
  return writerOf(file.ino, readFileSync('/proc/locks', 'utf8'))
}

/** The process with a write lock on a file, in lines like `1: POSIX ADVISORY WRITE 812 fe:00:1234 0 EOF`. */
export function writerOf(inode: number, locks: string): number | null {
  const line = locks
    .split('\n')
    .map((text) => text.trim().split(/\s+/))
    .find(([, , , kind, , file]) => kind === 'WRITE' && file?.split(':')[2] === String(inode))
  return line === undefined ? null : Number(line[4])
}

const lockName = 'lock.sqlite'

/** SQLITE_BUSY (5). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
