import { and, eq } from 'drizzle-orm'
import type { passkeys as endpoints, Passkey } from '../../../contract/api/two-factor.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { passkeys } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { endSessions, requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { confirmOwner } from '../two-factor/confirm-owner.ts'
import { settleRemoval, toPasskey } from '../two-factor/own-factors.ts'

/** @throws `not_found` */
export async function renamePasskey(
  ctx: Ctx,
  { passkeyId, name }: Input<typeof endpoints.rename>,
): Promise<Passkey> {
  const { id } = requirePerson(ctx)
  return inTransaction(ctx.db, async (tx) => {
    const [renamed] = await tx
      .update(passkeys)
      .set({ name })
      .where(and(eq(passkeys.id, passkeyId), eq(passkeys.userId, id)))
      .returning()
    if (renamed === undefined) throw new AppError('not_found')
    const target = { type: 'user', id } as const
    await audit(tx, ctx, { action: 'auth.rename_passkey', target, after: { name } })
    return toPasskey(renamed)
  })
}

/**
 * @throws `not_found`, `two_factor_required` where a role asks for a factor and this is the last; as
 *   `confirmOwner`
 */
export async function removePasskey(
  ctx: Ctx,
  { passkeyId, ...proof }: Input<typeof endpoints.remove>,
): Promise<Record<never, never>> {
  const person = requirePerson(ctx)
  await confirmOwner(ctx, person, proof)
  const { id, tokenHash } = person
  await inTransaction(ctx.db, async (tx) => {
    const [removed] = await tx
      .delete(passkeys)
      .where(and(eq(passkeys.id, passkeyId), eq(passkeys.userId, id)))
      .returning()
    if (removed === undefined) throw new AppError('not_found')
    await settleRemoval(tx, id)
    await endSessions(tx, id, tokenHash)
    const target = { type: 'user', id } as const
    await audit(tx, ctx, {
      action: 'auth.remove_passkey',
      target,
      before: { name: removed.name },
    })
  })
  await closeWatchers(ctx, person)
  return {}
}
