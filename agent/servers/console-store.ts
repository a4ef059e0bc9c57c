import * as z from 'zod'
import { ServerId } from '../../contract/ids.ts'
import { ConsoleLine } from '../../contract/protocol/console.ts'
import { isoTime } from '../clock.ts'
import type { LogPosition } from '../runtime/log-position.ts'
import { type Database, inTransaction } from '../storage/database.ts'

/** Lines kept per server. */
export const keptLines = 10_000

/**
 * How much more than that may pile up before it is tidied: deleting one by one would cost a write
 * each.
 */
const slack = 500

export interface NumberedLine {
  readonly serverId: ServerId
  readonly line: ConsoleLine
}

/** How far a container's log is in the console's log. */
export interface ReadPosition {
  readonly containerId: string
  readonly serverId: ServerId
  readonly position: LogPosition
}

/** The console's tables. Lines and the positions they were read up to are written together [D7]. */
export interface ConsoleStore {
  serverIds(): ServerId[]
  /** 0 when there is none. */
  lastSeq(serverId: ServerId): number
  append(lines: readonly NumberedLine[], positions: readonly ReadPosition[]): void
  /** Lines after a number, the oldest first. */
  after(serverId: ServerId, seq: number, limit: number): ConsoleLine[]
  /** The newest lines before a number, the oldest first. */
  before(serverId: ServerId, seq: number, limit: number): ConsoleLine[]
  positionOf(containerId: string): LogPosition | null
  /** Forgets how far containers other than these were read. */
  keepPositions(containerIds: readonly string[]): void
  forget(serverId: ServerId): void
}

const schema = `
  CREATE TABLE IF NOT EXISTS console_lines (
    server_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    stream TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (server_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS console_positions (
    container_id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL,
    at TEXT NOT NULL,
    same INTEGER NOT NULL,
    latest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`

const Position = z.object({ at: z.string(), same: z.int(), latest: z.string() })
const Seq = z.object({ seq: z.int().nullable() })
const Named = z.object({ server_id: ServerId })
const Stored = z.object({
  seq: z.int(),
  at: z.int(),
  stream: ConsoleLine.shape.stream,
  text: z.string(),
})

/** Opens the console's tables, making them where they are missing. */
export function createConsoleStore(database: Database): ConsoleStore {
  database.exec(schema)
  const sql = statements(database)
  return {
    serverIds: () => sql.servers.all().map((row) => Named.parse(row).server_id),
    lastSeq: (serverId) => Seq.parse(sql.lastSeq.get(serverId)).seq ?? 0,
    append: (lines, positions) =>
      inTransaction(database, () => {
        for (const { serverId, line } of lines) {
          const { seq, at, stream, text } = line
          sql.insert.run(serverId, seq, Date.parse(at), stream, text)
          if (seq % slack === 0) sql.trim.run(serverId, seq - keptLines)
        }
        for (const { containerId, serverId, position } of positions) {
          const { at, same, latest } = position
          sql.setPosition.run(containerId, serverId, at, same, latest)
        }
      }),
    after: (serverId, seq, limit) => sql.after.all(serverId, seq, limit).map(lineOf),
    before: (serverId, seq, limit) => sql.before.all(serverId, seq, limit).map(lineOf).reverse(),
    positionOf: (containerId) => {
      const row = sql.position.get(containerId)
      return row === undefined ? null : Position.parse(row)
    },
    keepPositions: (containerIds) => {
      sql.keepPositions.run(JSON.stringify(containerIds))
    },
    forget: (serverId) =>
      inTransaction(database, () => {
        sql.forgetLines.run(serverId)
        sql.forgetPositions.run(serverId)
      }),
  }
}

function statements(database: Database) {
  const columns = 'SELECT seq, at, stream, text FROM console_lines WHERE server_id = ?'
  return {
    servers: database.prepare('SELECT DISTINCT server_id FROM console_lines'),
    lastSeq: database.prepare('SELECT max(seq) AS seq FROM console_lines WHERE server_id = ?'),
    insert: database.prepare(
      'INSERT INTO console_lines (server_id, seq, at, stream, text) VALUES (?, ?, ?, ?, ?)',
    ),
    trim: database.prepare('DELETE FROM console_lines WHERE server_id = ? AND seq <= ?'),
    setPosition: database.prepare(
      `INSERT INTO console_positions (container_id, server_id, at, same, latest)
       VALUES (?, ?, ?, ?, ?) ON CONFLICT (container_id)
       DO UPDATE SET at = excluded.at, same = excluded.same, latest = excluded.latest`,
    ),
    after: database.prepare(`${columns} AND seq > ? ORDER BY seq LIMIT ?`),
    before: database.prepare(`${columns} AND seq < ? ORDER BY seq DESC LIMIT ?`),
    position: database.prepare(
      'SELECT at, same, latest FROM console_positions WHERE container_id = ?',
    ),
    keepPositions: database.prepare(
      `DELETE FROM console_positions
       WHERE container_id NOT IN (SELECT value FROM json_each(?))`,
    ),
    forgetLines: database.prepare('DELETE FROM console_lines WHERE server_id = ?'),
    forgetPositions: database.prepare('DELETE FROM console_positions WHERE server_id = ?'),
  }
}

function lineOf(row: unknown): ConsoleLine {
  const { seq, at, stream, text } = Stored.parse(row)
  return { seq, at: isoTime(at), stream, text }
}
