import { and, eq, isNull, lte, or } from 'drizzle-orm'
import type { ApiKeyId } from '../../../contract/ids.ts'
import { type ApiKeyRow, apiKeys } from '../../db/schema/rights.ts'
import type { Deps } from '../context.ts'

/** That a key is used is written this often at most, in milliseconds: a write for each request is dear. */
const notedEveryMs = 60_000

/** A use of a key that is worth a note. */
export interface KeyUse {
  readonly id: ApiKeyId
  readonly at: number
  readonly ip: string | null
}

/** Null: it was noted a moment ago. */
export function keyUseOf(
  { id, lastUsedAt }: Pick<ApiKeyRow, 'id' | 'lastUsedAt'>,
  at: number,
  ip: string | null,
): KeyUse | null {
  return lastUsedAt !== null && at - lastUsedAt < notedEveryMs ? null : { id, at, ip }
}

/** Never throws: nobody waits for it. */
export async function noteUse({ db, log }: Deps, { id, at, ip }: KeyUse): Promise<void> {
  try {
    // Of requests side by side one writes.
    const isDue = or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, at - notedEveryMs))
    await db
      .update(apiKeys)
      .set({ lastUsedAt: at, lastUsedIp: ip })
      .where(and(eq(apiKeys.id, id), isDue))
  } catch (error) {
    log.error('api_key_use_not_noted', { reason: error instanceof Error ? error.name : 'unknown' })
  }
}
