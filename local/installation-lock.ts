import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The data folder is in use by a launcher that runs. */
export class AlreadyRunning extends Error {
  override name = 'AlreadyRunning'
}

/**
 * Makes this process the only launcher of a data folder. The lock is SQLite's own on an empty database: the
 * kernel lets go of it when the process dies, however it dies, so none is ever left behind.
 * @throws {AlreadyRunning}
 */
export function holdInstallation(runDir: string): Disposable {
  const database = new DatabaseSync(join(runDir, 'lock.sqlite'))
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw new AlreadyRunning(
      `Catalyst runs already on ${join(runDir, '..')}. Stop it first, or choose another --data.`,
      { cause: error },
    )
  }
  return { [Symbol.dispose]: () => database.close() }
}
