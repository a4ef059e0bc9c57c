import { eq } from 'drizzle-orm'
import type { auth } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { closeWatchers } from './close-watchers.ts'
import { confirmPassword } from './confirm-password.ts'
import { endSessions, requirePerson } from './own-sessions.ts'

/**
 * Whoever else was signed in may be the reason for the change, so all other sessions end with it.
 * @throws `wrong_password`, `too_many_attempts`: a stolen session does not open what it takes a password for
 */
export async function changePassword(
  ctx: Ctx,
  { currentPassword, newPassword }: Input<typeof auth.changePassword>,
): Promise<Record<never, never>> {
  const person = requirePerson(ctx)
  const { id, tokenHash } = person
  await confirmPassword(ctx, person, currentPassword)
  const passwordHash = await hashPassword(newPassword, ctx.rng.bytes(16))
  await inTransaction(ctx.db, async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, id))
    await endSessions(tx, id, tokenHash)
    await audit(tx, ctx, { action: 'auth.change_password', target: { type: 'user', id } })
  })
  await closeWatchers(ctx, person)
  return {}
}
