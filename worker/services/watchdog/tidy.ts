import { lt } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { sessions, setupTokens } from '../../db/schema/accounts.ts'
import { idempotencyKeys } from '../../db/schema/activity.ts'
import { joinTokens } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'
import { keptForMs } from '../idempotency.ts'

/** Deletes sessions, tokens and idempotency keys that are of no use any more. */
export async function deleteExpired({ db, clock }: Deps): Promise<void> {
  const now = clock.now()
  await writeBatch(db, [
    db.delete(sessions).where(lt(sessions.expiresAt, now)),
    db.delete(setupTokens).where(lt(setupTokens.expiresAt, now)),
    db.delete(joinTokens).where(lt(joinTokens.expiresAt, now)),
    db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, now - keptForMs)),
  ])
}
