import type { OperationId, ServerId } from '../../contract/ids.ts'
import type { DesiredServer } from '../../contract/protocol/spec.ts'
import type { Gone } from '../desired.ts'
import type { Wait } from '../waiting.ts'
import { finishedKeptFor } from './command-rows.ts'
import { fromOwnJson } from './own-json.ts'

/** Desired states, the versions of servers that are gone, and the operations that wait. */
export class DesiredRows {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  saveServer(server: DesiredServer): void {
    const text = JSON.stringify(server)
    this.sql.exec('INSERT OR REPLACE INTO desired VALUES (?, ?)', server.serverId, text)
  }

  servers(): Map<ServerId, DesiredServer> {
    const rows = this.sql.exec<{ server: string }>('SELECT server FROM desired').toArray()
    return new Map(
      rows.map(({ server: text }) => {
        const server = fromOwnJson<DesiredServer>(text)
        return [server.serverId, server]
      }),
    )
  }

  saveGone(gone: Gone, now: number): void {
    const text = JSON.stringify(gone)
    this.sql.exec('INSERT OR REPLACE INTO gone VALUES (?, ?, ?)', gone.serverId, text, now)
  }

  gone(): Map<ServerId, Gone> {
    const rows = this.sql.exec<{ gone: string }>('SELECT gone FROM gone').toArray()
    return new Map(
      rows.map(({ gone: text }) => {
        const gone = fromOwnJson<Gone>(text)
        return [gone.serverId, gone]
      }),
    )
  }

  saveWait(wait: Wait): void {
    this.sql.exec(
      'INSERT OR REPLACE INTO waits (id, since, ended_at, wait) VALUES (?, ?, ?, ?)',
      wait.id,
      wait.since,
      wait.endedAt,
      JSON.stringify(wait),
    )
  }

  /** Waits that go on, oldest first. */
  openWaits(): Map<OperationId, Wait> {
    const rows = this.sql
      .exec<{ wait: string }>('SELECT wait FROM waits WHERE ended_at IS NULL ORDER BY since, id')
      .toArray()
    return new Map(
      rows.map(({ wait: text }) => {
        const wait = fromOwnJson<Wait>(text)
        return [wait.id, wait]
      }),
    )
  }

  /** Whether the operation waits here, or did. */
  hasWait(id: OperationId): boolean {
    return this.sql.exec('SELECT 1 FROM waits WHERE id = ?', id).toArray().length > 0
  }

  drop(serverId: ServerId): void {
    this.sql.exec('DELETE FROM desired WHERE server_id = ?', serverId)
  }

  /** Forgets ended waits and gone servers after as long as finished commands are kept [Q13]. */
  prune(now: number): void {
    this.sql.exec(
      `DELETE FROM waits
       WHERE ended_at < ?
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE thing = 'operation:' || waits.id)`,
      now - finishedKeptFor,
    )
    this.sql.exec('DELETE FROM gone WHERE at < ?', now - finishedKeptFor)
  }
}
