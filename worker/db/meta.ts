import { eq, sql } from 'drizzle-orm'
import type { Database, Queries } from './client.ts'
import { meta } from './schema/activity.ts'

/** Facts that the database keeps about itself. */
export type MetaKey =
  /** Counts restorations of the database from an older copy: orders of a newer one win [D1]. */
  | 'incarnation'
  | 'watchdog_last_at'
  /** Where the demo template stands, as the launcher said last. */
  | 'demo'
  /** A deleted node whose object still has to be emptied. */
  | `forget:${string}`

export async function readMeta(db: Queries, key: MetaKey): Promise<string | null> {
  const [row] = await db.select({ value: meta.value }).from(meta).where(eq(meta.key, key))
  return row?.value ?? null
}

/** Builds the statement that sets a fact; it has to be awaited or batched. */
export function setMeta(db: Database | Queries, key: MetaKey, value: string) {
  return db
    .insert(meta)
    .values({ key, value })
    .onConflictDoUpdate({ target: meta.key, set: { value: sql`excluded.value` } })
}
