import { and, asc, gt, or, sql } from 'drizzle-orm'
import type { AuditFilter } from '../../../contract/api/audit.ts'
import { type AuditRow, auditLog } from '../../db/schema/activity.ts'
import type { Deps } from '../context.ts'
import { iso } from '../iso.ts'
import { matching } from './filter.ts'
import { toEntry } from './list.ts'

const perRead = 500

const columns = [
  'at',
  'action',
  'actorName',
  'actorId',
  'apiKeyId',
  'ip',
  'targetType',
  'targetId',
  'before',
  'after',
] as const

/** The filtered log as lines of text, oldest first, read a piece at a time however long it is. */
export async function* exportLines(
  { db }: Pick<Deps, 'db'>,
  filter: AuditFilter,
  format: 'csv' | 'jsonl',
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`
  let last: AuditRow | undefined
  do {
    const rows = await db
      .select()
      .from(auditLog)
      .where(and(matching(filter), after(last)))
      .orderBy(asc(auditLog.at), asc(auditLog.id))
      .limit(perRead)
    if (rows.length > 0) yield rows.map(format === 'csv' ? csvLine : jsonLine).join('')
    last = rows.length < perRead ? undefined : rows.at(-1)
  } while (last !== undefined)
}

/** Where the next piece begins: two entries may have been written in the same millisecond. */
function after(row: AuditRow | undefined) {
  if (row === undefined) return undefined
  return or(gt(auditLog.at, row.at), and(sql`${auditLog.at} = ${row.at}`, gt(auditLog.id, row.id)))
}

function jsonLine(row: AuditRow): string {
  return `${JSON.stringify(toEntry(row))}\n`
}

/** RFC 4180, and safe to open: what a spreadsheet would take for a formula begins with a quote mark. */
function csvLine(row: AuditRow): string {
  const cells = columns.map((column) => {
    const value = column === 'at' ? iso(row.at) : row[column]
    return cellOf(typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value))
  })
  return `${cells.join(',')}\r\n`
}

function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
