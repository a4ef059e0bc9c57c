import { eq } from 'drizzle-orm'
import { inTransaction } from '../../db/client.ts'
import { sessions } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { closeWatchers } from './close-watchers.ts'

/**
 * Ends the session that the request came with, and what it has open. The operator and API keys have none:
 * nothing to end.
 */
export async function logout(ctx: Ctx): Promise<Record<never, never>> {
  const { caller } = ctx
  if (caller.kind === 'user' && caller.key === null) {
    await inTransaction(ctx.db, async (tx) => {
      await tx.delete(sessions).where(eq(sessions.tokenHash, caller.tokenHash))
      await audit(tx, ctx, { action: 'auth.logout', target: { type: 'user', id: caller.id } })
    })
    await closeWatchers(ctx, caller)
  }
  ctx.cookie.clear()
  return {}
}
