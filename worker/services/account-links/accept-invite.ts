import { and, eq, isNull } from 'drizzle-orm'
import type { accountLinks } from '../../../contract/api/account-links.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { hashPassword, noPassword } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import { readToken, spendToken } from '../auth/one-time-tokens.ts'
import type { Ctx } from '../context.ts'

/** @throws `link_invalid` */
export async function previewAccountInvite(
  ctx: Ctx,
  { token }: Input<typeof accountLinks.previewInvite>,
): Promise<Output<typeof accountLinks.previewInvite>> {
  const { email, name } = await findInvited(
    ctx.db,
    await readToken(ctx.db, ctx, 'account_invite', token),
  )
  return { email, name }
}

/** @throws `link_invalid`, also where the account has a password by now */
export async function acceptAccountInvite(
  ctx: Ctx,
  { token, password, name }: Input<typeof accountLinks.acceptInvite>,
): Promise<Output<typeof accountLinks.acceptInvite>> {
  // Asked before the password is hashed, so that strangers cannot make this work hard.
  await findInvited(ctx.db, await readToken(ctx.db, ctx, 'account_invite', token))
  const passwordHash = await hashPassword(password, ctx.rng.bytes(16))
  const user = await inTransaction(ctx.db, async (tx) => {
    const invited = await findInvited(tx, await spendToken(tx, ctx, 'account_invite', token))
    const accepted = { ...invited, passwordHash, name: name ?? invited.name }
    await tx.update(users).set(accepted).where(eq(users.id, invited.id))
    await audit(tx, ctx, {
      action: 'auth.accept_invite',
      target: { type: 'user', id: invited.id },
      actor: { kind: 'user', id: invited.id, name: accepted.name },
    })
    return accepted
  })
  return finishSignIn(ctx, async () => ({ userId: user.id, rememberMe: false, how: 'invite' }))
}

/** @throws `link_invalid` */
async function findInvited(db: Queries, facts: { readonly userId: UserId | null } | null) {
  const userId = facts?.userId ?? null
  if (userId === null) throw new AppError('link_invalid')
  const isOpen = and(isNull(users.disabledAt), eq(users.passwordHash, noPassword))
  const [user] = await db
    .select()
    .from(users)
    .where(and(eq(users.id, userId), isOpen))
  if (user === undefined) throw new AppError('link_invalid')
  return user
}
