import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLibsqlServer } from '../../local/libsql-server.ts'
import { migrate } from '../../local/migrate.ts'
import { type Database, openDatabase } from '../../worker/db/client.ts'

const token = 'a-token-of-at-least-32-characters'

export interface PrivateDatabase {
  /** A client of its own, as each request of the Worker has one. */
  open(): Database
  /** The database does not answer any more. */
  stop(): Promise<void>
  close(): Promise<void>
}

let migrated: Promise<string> | null = null

/** A database of one test, copied from one that was migrated once, behind the server that `npm start` has. */
export async function createDatabase(): Promise<PrivateDatabase> {
  migrated ??= migrateOnce()
  const template = await migrated
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-world-'))
  const file = join(folder, 'panel.db')
  copyFileSync(template, file)
  const server = await startLibsqlServer({ file, port: 0, token })
  let running = true
  const stop = async () => {
    if (!running) return
    running = false
    await server.close()
  }
  return {
    open: () => openDatabase(server.url, token),
    stop,
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function migrateOnce(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-migrated-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'panel.db')
  const server = await startLibsqlServer({ file, port: 0, token })
  await migrate(server.url, token)
  await server.close()
  return file
}
