import { eq } from 'drizzle-orm'
import type { auth } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { hashPassword, verifyPassword } from '../../crypto.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { closeWatchers } from './close-watchers.ts'
import { endSessions, requirePerson } from './own-sessions.ts'

/**
 * Whoever else was signed in may be the reason for the change, so all other sessions end with it.
 * @throws `wrong_password`
 */
export async function changePassword(
  ctx: Ctx,
  { currentPassword, newPassword }: Input<typeof auth.changePassword>,
): Promise<Record<never, never>> {
  const person = requirePerson(ctx)
  const { id, tokenHash } = person
  const [row] = await ctx.db
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, id))
  const isRight = row !== undefined && (await verifyPassword(currentPassword, row.passwordHash))
  if (!isRight) throw new AppError('wrong_password')
  const passwordHash = await hashPassword(newPassword, ctx.rng.bytes(16))
  await inTransaction(ctx.db, async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, id))
    await endSessions(tx, id, tokenHash)
    await audit(tx, ctx, { action: 'auth.change_password', target: { type: 'user', id } })
  })
  await closeWatchers(ctx, person)
  return {}
}
