import type { OperationId } from '../../contract/ids.ts'
import type { CommandRow } from '../commands/row.ts'
import { fromOwnJson } from './own-json.ts'

/** A finished command stays for this long, unless there are too many [Q13]. Milliseconds. */
export const finishedKeptFor = 7 * 24 * 3_600_000
export const finishedKept = 10_000

/** Commands, open and finished. A log is a row of its own, so that a change of state does not rewrite it. */
export class CommandRows {
  private readonly sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.sql = sql
  }

  save(row: CommandRow, logChanged: boolean): void {
    const { log, ...rest } = row
    this.sql.exec(
      'INSERT OR REPLACE INTO commands (seq, id, ended_at, row) VALUES (?, ?, ?, ?)',
      row.seq,
      row.id,
      row.endedAt,
      JSON.stringify(rest),
    )
    if (!logChanged) return
    this.sql.exec('INSERT OR REPLACE INTO command_logs VALUES (?, ?)', row.id, JSON.stringify(log))
  }

  /** Everything that is not final, in order of `seq`. */
  open(): Map<OperationId, CommandRow> {
    const rows = this.sql
      .exec<{ row: string }>('SELECT row FROM commands WHERE ended_at IS NULL ORDER BY seq')
      .toArray()
    return new Map(
      rows.map(({ row }) => {
        const command = this.read(row)
        return [command.id, command]
      }),
    )
  }

  finished(id: OperationId): CommandRow | null {
    const [found] = this.sql
      .exec<{ row: string }>('SELECT row FROM commands WHERE id = ? AND ended_at NOT NULL', id)
      .toArray()
    return found === undefined ? null : this.read(found.row)
  }

  /** Null: no such command. */
  log(id: OperationId): string[] | null {
    const [known] = this.sql.exec('SELECT 1 FROM commands WHERE id = ?', id).toArray()
    return known === undefined ? null : this.logOf(id)
  }

  /** Forgets finished commands that are old or too many, and whose end has reached the ledger [Q13]. */
  prune(now: number): void {
    this.sql.exec(
      `DELETE FROM commands
       WHERE ended_at NOT NULL
         AND (ended_at < ? OR seq <= (
           SELECT seq FROM commands WHERE ended_at NOT NULL ORDER BY seq DESC LIMIT 1 OFFSET ?
         ))
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE thing = 'operation:' || commands.id)`,
      now - finishedKeptFor,
      finishedKept,
    )
    this.sql.exec('DELETE FROM command_logs WHERE id NOT IN (SELECT id FROM commands)')
  }

  private read(text: string): CommandRow {
    const rest = fromOwnJson<Omit<CommandRow, 'log'>>(text)
    // A row of an older version does not count its deliveries.
    return { ...rest, deliveries: rest.deliveries ?? 0, log: this.logOf(rest.id) }
  }

  private logOf(id: OperationId): string[] {
    const [found] = this.sql
      .exec<{ lines: string }>('SELECT lines FROM command_logs WHERE id = ?', id)
      .toArray()
    return found === undefined ? [] : fromOwnJson<string[]>(found.lines)
  }
}
