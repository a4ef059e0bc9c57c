import type Database from 'libsql'
import { SqlError } from './sql-error.ts'
import { type SqlValue, type StmtResult, toWire, type WireValue } from './wire.ts'

export type Statement = ReturnType<Database.Database['prepare']>

/** An answer is built in memory, so its values are limited, in bytes. */
const maxResultBytes = 64 * 1024 * 1024

/**
 * Runs a statement to its end and reads what it came to. `counters` selects the connection's
 * total changes, last changes and last rowid. Throws the engine's errors, `RESPONSE_TOO_LARGE`,
 * and `VALUE_UNSUPPORTED` for a value that JSON cannot carry.
 */
export function readResult(
  prepared: Statement,
  values: readonly SqlValue[],
  wantRows: boolean,
  counters: Statement,
): StmtResult {
  const [totalBefore] = readCounters(counters)
  const rows = prepared.reader ? readRows(prepared, values, wantRows) : []
  if (!prepared.reader) prepared.run(values)
  const [total, changes, rowid] = readCounters(counters)
  const cols = prepared.reader ? prepared.columns() : []
  // The last two counters keep their values through statements that write nothing.
  const changed = total !== totalBefore
  return {
    cols: cols.map(({ name, type }) => ({ name, decltype: type })),
    rows,
    affected_row_count: changed ? Number(changes) : 0,
    last_insert_rowid: changed ? String(rowid) : null,
  }
}

function readRows(
  prepared: Statement,
  values: readonly SqlValue[],
  wantRows: boolean,
): WireValue[][] {
  const rows: unknown[][] = []
  let bytes = 0
  for (const row of prepared.iterate(values)) {
    if (!wantRows || !Array.isArray(row)) continue
    bytes += row.reduce((sum: number, value: unknown) => sum + sizeOf(value), 0)
    if (bytes > maxResultBytes) {
      throw new SqlError('RESPONSE_TOO_LARGE', 'the answer would be larger than 64 MiB')
    }
    rows.push(row)
  }
  // Not in the loop: a value that cannot be sent must not leave the statement half-run.
  return rows.map((row) => row.map(toWire))
}

function readCounters(counters: Statement): readonly unknown[] {
  const [row] = counters.all([])
  return Array.isArray(row) ? row : []
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 16
}
