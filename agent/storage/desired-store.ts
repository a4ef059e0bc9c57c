import * as z from 'zod'
import type { ServerId } from '../../contract/ids.ts'
import { DesiredServer } from '../../contract/protocol/spec.ts'
import type { Database } from './database.ts'

/** A desired state as it is kept; `known`: the panel named it in its last full list. */
export interface KeptDesired {
  readonly server: DesiredServer
  readonly known: boolean
}

/** Keeps desired states, so that a node without a panel goes on [D2]. */
export interface DesiredStore {
  /** A row that this version cannot read is left out; the panel sends it again, since digests differ. */
  load(): KeptDesired[]
  save(kept: KeptDesired): void
  drop(serverId: ServerId): void
}

const Row = z.object({ body: z.string(), known: z.int() })

export function createDesiredStore(database: Database): DesiredStore {
  database.exec(`CREATE TABLE IF NOT EXISTS desired (
    server_id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    known INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`)
  const put = database.prepare('INSERT OR REPLACE INTO desired VALUES (?, ?, ?)')
  const remove = database.prepare('DELETE FROM desired WHERE server_id = ?')
  return {
    load: () =>
      database
        .prepare('SELECT body, known FROM desired')
        .all()
        .flatMap((found) => {
          const { body, known } = Row.parse(found)
          const parsed = DesiredServer.safeParse(JSON.parse(body))
          return parsed.success ? [{ server: parsed.data, known: known === 1 }] : []
        }),
    save: ({ server, known }) => {
      put.run(server.serverId, JSON.stringify(server), known ? 1 : 0)
    },
    drop: (serverId) => {
      remove.run(serverId)
    },
  }
}
