import { or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'

/**
 * Whether one of the columns holds a text, whatever its case. It is plain text and no pattern: `%` is
 * searched for like any other character.
 * @param text what somebody searches for; nothing narrows nothing
 */
export function containsText(
  columns: readonly SQLiteColumn[],
  text: string | undefined,
): SQL | undefined {
  if (text === undefined || text === '') return undefined
  return or(...columns.map((column) => sql`instr(lower(${column}), lower(${text})) > 0`))
}
