import { and, lt, notInArray } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { sessions, setupTokens } from '../../db/schema/accounts.ts'
import { auditLog, idempotencyKeys, operations } from '../../db/schema/activity.ts'
import { joinTokens } from '../../db/schema/fleet.ts'
import { mails } from '../../db/schema/panel.ts'
import { serverInvites } from '../../db/schema/rights.ts'
import { oneTimeTokens } from '../../db/schema/sign-in.ts'
import type { Deps } from '../context.ts'
import { keptForMs } from '../idempotency.ts'
import { openStates } from '../operations/states.ts'
import { readPolicy } from '../settings/policy.ts'

const dayMs = 24 * 3_600_000
/** Who looks for older ones finds what was done in the audit log, in milliseconds. */
const operationsKeptForMs = 90 * dayMs
const mailsKeptForMs = 30 * dayMs

/** Whoever opens one that has expired is told so, and who to ask, in milliseconds. */
const invitesKeptForMs = 30 * dayMs

/** Deletes sessions, tokens, idempotency keys, and what is kept for a time only. */
export async function deleteExpired(deps: Deps): Promise<void> {
  const { db, clock } = deps
  const now = clock.now()
  const { auditKeptDays } = await readPolicy(deps)
  await writeBatch(db, [
    db.delete(sessions).where(lt(sessions.expiresAt, now)),
    db.delete(setupTokens).where(lt(setupTokens.expiresAt, now)),
    db.delete(joinTokens).where(lt(joinTokens.expiresAt, now)),
    db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, now)),
    db.delete(serverInvites).where(lt(serverInvites.expiresAt, now - invitesKeptForMs)),
    db
      .delete(operations)
      .where(
        and(
          notInArray(operations.state, openStates),
          lt(operations.endedAt, now - operationsKeptForMs),
        ),
      ),
    db.delete(auditLog).where(lt(auditLog.at, now - auditKeptDays * dayMs)),
    db.delete(mails).where(lt(mails.endedAt, now - mailsKeptForMs)),
    db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, now - keptForMs)),
  ])
}
