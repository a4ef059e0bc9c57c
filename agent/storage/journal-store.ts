import * as z from 'zod'
import { OperationId } from '../../contract/ids.ts'
import { Command, CommandResult } from '../../contract/protocol/commands.ts'
import type { JournalRow } from '../journal.ts'
import { type Database, inTransaction } from './database.ts'

/** Keeps journal rows; what `save` and `drop` were given is on disk when they return [Q4]. */
export interface JournalStore {
  load(): JournalRow[]
  save(row: JournalRow): void
  drop(ids: readonly OperationId[]): void
  /**
   * Whether this journal is known to hold all that was ever done. A new one is not: another may have been
   * lost, and what comes may stand in that one.
   */
  isTrusted(): boolean
  trust(): void
  /** It may be an older copy of itself. */
  distrust(): void
}

const Row = z
  .object({
    id: OperationId,
    seq: z.int(),
    command: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(Command),
    starts: z.int(),
    deadline_at: z.number().nullable(),
    deadline_boot: z.string().nullable(),
    phase: z.enum(['accepted', 'started', 'settled']),
    result: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(CommandResult)
      .nullable(),
  })
  .transform(
    ({ deadline_at: at, deadline_boot: bootId, ...row }): JournalRow => ({
      ...row,
      deadline: at === null || bootId === null ? null : { at, bootId },
    }),
  )

export function createJournalStore(database: Database): JournalStore {
  database.exec(`CREATE TABLE IF NOT EXISTS journal (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    command TEXT NOT NULL,
    starts INTEGER NOT NULL,
    deadline_at REAL,
    deadline_boot TEXT,
    phase TEXT NOT NULL,
    result TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS journal_trust (only INTEGER PRIMARY KEY CHECK (only = 1)) STRICT`)
  const put = database.prepare('INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM journal WHERE id = ?')
  const findTrust = database.prepare('SELECT only FROM journal_trust')
  return {
    load: () =>
      database
        .prepare('SELECT * FROM journal ORDER BY seq')
        .all()
        .map((row) => Row.parse(row)),
    save: ({ id, seq, command, starts, deadline, phase, result }) => {
      put.run(
        id,
        seq,
        JSON.stringify(command),
        starts,
        deadline?.at ?? null,
        deadline?.bootId ?? null,
        phase,
        result === null ? null : JSON.stringify(result),
      )
    },
    drop: (ids) =>
      inTransaction(database, () => {
        for (const id of ids) remove.run(id)
      }),
    isTrusted: () => findTrust.get() !== undefined,
    trust: () => database.exec('INSERT OR IGNORE INTO journal_trust VALUES (1)'),
    distrust: () => database.exec('DELETE FROM journal_trust'),
  }
}
