import * as z from 'zod'
import { ServerId } from '../../contract/ids.ts'
import { ServerMemory } from '../servers/server-memory.ts'
import type { Database } from './database.ts'

/** Keeps what was observed of servers, and which user each of them runs as. */
export interface ServerStore {
  load(): Map<ServerId, ServerMemory>
  save(serverId: ServerId, memory: ServerMemory): void
  drop(serverId: ServerId): void
  /** The server's own user id; a new one, never used before on this node, when it has none. */
  uidOf(serverId: ServerId): number
  /** Notes whose files a user id owns, before new ones are given out. Nothing when it is taken. */
  adoptUid(serverId: ServerId, uid: number): void
}

/**
 * Servers' user ids start here: above what distributions, subordinate ids and systemd give out (see
 * "Users, Groups, UIDs and GIDs on systemd Systems"), below 2^31.
 */
export const firstUid = 2_000_000_000

const Row = z.object({ server_id: ServerId, body: z.string() })
const UidRow = z.object({ n: z.int() }).optional()

export function createServerStore(database: Database): ServerStore {
  database.exec(`CREATE TABLE IF NOT EXISTS servers (
    server_id TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS uids (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    server_id TEXT NOT NULL UNIQUE
  ) STRICT`)
  const put = database.prepare('INSERT OR REPLACE INTO servers VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM servers WHERE server_id = ?')
  const findUid = database.prepare('SELECT n FROM uids WHERE server_id = ?')
  const addUid = database.prepare('INSERT INTO uids (server_id) VALUES (?)')
  const keepUid = database.prepare('INSERT OR IGNORE INTO uids (n, server_id) VALUES (?, ?)')
  return {
    load: () =>
      new Map(
        database
          .prepare('SELECT server_id, body FROM servers')
          .all()
          .flatMap((found) => {
            const { server_id: serverId, body } = Row.parse(found)
            const parsed = ServerMemory.safeParse(JSON.parse(body))
            return parsed.success ? [[serverId, parsed.data] as const] : []
          }),
      ),
    save: (serverId, memory) => {
      put.run(serverId, JSON.stringify(memory))
    },
    drop: (serverId) => {
      remove.run(serverId)
    },
    uidOf: (serverId) => {
      const known = UidRow.parse(findUid.get(serverId))
      return firstUid + (known?.n ?? Number(addUid.run(serverId).lastInsertRowid))
    },
    adoptUid: (serverId, uid) => {
      if (uid > firstUid && uid < firstUid + 100_000_000) keepUid.run(uid - firstUid, serverId)
    },
  }
}
