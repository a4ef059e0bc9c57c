import type { ServerId } from '../../contract/ids.ts'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { linesKept } from '../console.ts'
import { fromOwnJson } from './own-json.ts'

/** Lines over the limit that are let stand, so that trimming is not done for every frame. */
const slack = 200

interface Ring {
  newest: number
  lines: number
}

/** The last lines of each server [C3]: one row per batch that came, for a row per line would cost too much. */
export class ConsoleChunks {
  private readonly sql: SqlStorage
  /** What the table says of each server; read once, then kept in step. */
  private readonly rings = new Map<ServerId, Ring>()

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  /** The last number kept; 0: no line is. */
  newest(serverId: ServerId): number {
    return this.ring(serverId).newest
  }

  /** The first number that `after` gives; 0: no line is kept. */
  oldest(serverId: ServerId): number {
    return this.tail(serverId, linesKept)[0]?.seq ?? 0
  }

  /** Appends lines whose numbers are all higher than `newest`, in order. */
  append(serverId: ServerId, lines: readonly ConsoleLine[]): void {
    const first = lines[0]
    const last = lines.at(-1)
    if (first === undefined || last === undefined) return
    this.sql.exec(
      'INSERT INTO console VALUES (?, ?, ?, ?, ?)',
      serverId,
      last.seq,
      first.seq,
      lines.length,
      JSON.stringify(lines),
    )
    const ring = this.ring(serverId)
    ring.newest = last.seq
    ring.lines += lines.length
    if (ring.lines > linesKept + slack) this.trim(serverId, ring)
  }

  /** The newest lines, oldest first. */
  tail(serverId: ServerId, count: number): ConsoleLine[] {
    return this.after(serverId, 0).slice(-count)
  }

  /** Lines after a number, of those that are kept. */
  after(serverId: ServerId, seq: number): ConsoleLine[] {
    return this.sql
      .exec<{ chunk: string }>(
        'SELECT chunk FROM console WHERE server_id = ? AND last_seq > ? ORDER BY last_seq',
        serverId,
        seq,
      )
      .toArray()
      .flatMap(({ chunk }) => fromOwnJson<ConsoleLine[]>(chunk))
      .slice(-linesKept)
      .filter((line) => line.seq > seq)
  }

  drop(serverId: ServerId): void {
    this.sql.exec('DELETE FROM console WHERE server_id = ?', serverId)
    this.rings.delete(serverId)
  }

  private ring(serverId: ServerId): Ring {
    const known = this.rings.get(serverId)
    if (known !== undefined) return known
    const ring = this.sql
      .exec<{ newest: number; lines: number }>(
        `SELECT coalesce(max(last_seq), 0) AS newest, coalesce(sum(lines), 0) AS lines
         FROM console WHERE server_id = ?`,
        serverId,
      )
      .one()
    this.rings.set(serverId, ring)
    return ring
  }

  /** Drops the oldest rows of which no line is among the last. */
  private trim(serverId: ServerId, ring: Ring): void {
    const chunks = this.sql
      .exec<{ lastSeq: number; lines: number }>(
        'SELECT last_seq AS lastSeq, lines FROM console WHERE server_id = ? ORDER BY last_seq',
        serverId,
      )
      .toArray()
    let upTo = 0
    for (const { lastSeq, lines } of chunks) {
      if (ring.lines - lines < linesKept) break
      ring.lines -= lines
      upTo = lastSeq
    }
    this.sql.exec('DELETE FROM console WHERE server_id = ? AND last_seq <= ?', serverId, upTo)
  }
}
