import { and, lt, notInArray } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { sessions, setupTokens } from '../../db/schema/accounts.ts'
import { auditLog, idempotencyKeys, operations } from '../../db/schema/activity.ts'
import { joinTokens } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'
import { keptForMs } from '../idempotency.ts'
import { openStates } from '../operations/states.ts'

const dayMs = 24 * 3_600_000
/** Who looks for older ones finds what was done in the audit log, in milliseconds. */
const operationsKeptForMs = 90 * dayMs

/** Deletes sessions, tokens, idempotency keys, and what is kept for a time only. */
export async function deleteExpired({ db, clock, policy }: Deps): Promise<void> {
  const now = clock.now()
  await writeBatch(db, [
    db.delete(sessions).where(lt(sessions.expiresAt, now)),
    db.delete(setupTokens).where(lt(setupTokens.expiresAt, now)),
    db.delete(joinTokens).where(lt(joinTokens.expiresAt, now)),
    db
      .delete(operations)
      .where(
        and(
          notInArray(operations.state, openStates),
          lt(operations.endedAt, now - operationsKeptForMs),
        ),
      ),
    db.delete(auditLog).where(lt(auditLog.at, now - policy.auditKeptDays * dayMs)),
    db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, now - keptForMs)),
  ])
}
