import type { ServerId } from '../../contract/ids.ts'
import type { ResourceSample } from '../../contract/protocol/console.ts'
import type { ServerExit } from '../../contract/protocol/spec.ts'
import type { ObservedRow } from '../observed.ts'
import { fromOwnJson } from './own-json.ts'

/** Exits kept per server; older ones cannot come again, since a report holds only the last. */
const exitsKept = 100

/** What the node was seen to do: states, exits counted once [D4], the last sample of each server. */
export class ObservedRows {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  save(row: ObservedRow): void {
    const { serverId } = row.observed
    this.sql.exec('INSERT OR REPLACE INTO observed VALUES (?, ?)', serverId, JSON.stringify(row))
  }

  servers(): Map<ServerId, ObservedRow> {
    const rows = this.sql.exec<{ row: string }>('SELECT row FROM observed').toArray()
    return new Map(
      rows.map(({ row: text }) => {
        const row = fromOwnJson<ObservedRow>(text)
        return [row.observed.serverId, row]
      }),
    )
  }

  saveExit(serverId: ServerId, exit: ServerExit): void {
    this.sql.exec(
      'INSERT OR IGNORE INTO exits VALUES (?, ?, ?)',
      serverId,
      exit.startNo,
      JSON.stringify(exit),
    )
    this.sql.exec(
      'DELETE FROM exits WHERE server_id = ? AND start_no <= ?',
      serverId,
      exit.startNo - exitsKept,
    )
  }

  hasExit(serverId: ServerId, startNo: number): boolean {
    const found = this.sql
      .exec('SELECT 1 FROM exits WHERE server_id = ? AND start_no = ?', serverId, startNo)
      .toArray()
    return found.length > 0
  }

  saveSample(sample: ResourceSample): void {
    const text = JSON.stringify(sample)
    this.sql.exec('INSERT OR REPLACE INTO samples VALUES (?, ?)', sample.serverId, text)
  }

  sample(serverId: ServerId): ResourceSample | null {
    const [row] = this.sql
      .exec<{ sample: string }>('SELECT sample FROM samples WHERE server_id = ?', serverId)
      .toArray()
    return row === undefined ? null : fromOwnJson<ResourceSample>(row.sample)
  }

  drop(serverId: ServerId): void {
    for (const table of ['observed', 'exits', 'samples']) {
      this.sql.exec(`DELETE FROM ${table} WHERE server_id = ?`, serverId)
    }
  }
}
