import { and, eq, gt, isNull } from 'drizzle-orm'
import type { setup } from '../../../contract/api/accounts.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { builtinRoles } from '../../../contract/permissions.ts'
import { hashPassword, hashToken } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { setupTokens, users } from '../../db/schema/accounts.ts'
import { userRoles } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { answerSignedIn, openSession } from '../auth/sessions.ts'
import { type Ctx, newId } from '../context.ts'
import { firstLocation } from '../locations/first-location.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { addressNames } from '../throttle/names.ts'
import { isSetUp } from './state.ts'

/** Of requests that race with one token or with two, exactly one makes an administrator [S24]. */
export async function finishSetup(
  ctx: Ctx,
  { token, email, name, password }: Input<typeof setup.finish>,
): Promise<Output<typeof setup.finish>> {
  const tokenHash = hashToken(token)
  if (await isSetUp(ctx.db)) throw new AppError('already_set_up')
  const names = addressNames(ctx)
  await countAttempt(ctx, names)
  // Asked before the password is hashed, so that strangers cannot make this work hard.
  const [usable] = await ctx.db.select().from(setupTokens).where(isUsable(ctx, tokenHash))
  if (usable === undefined) throw new AppError('setup_token_invalid')
  const user = {
    id: newId<UserId>(ctx),
    email,
    name,
    passwordHash: await hashPassword(password, ctx.rng.bytes(16)),
    disabledAt: null,
    createdAt: ctx.clock.now(),
  } as const

  const session = await inTransaction(ctx.db, async (tx) => {
    await useToken(tx, ctx, tokenHash)
    if (await isSetUp(tx)) throw new AppError('already_set_up')
    await tx.insert(users).values(user)
    await tx.insert(userRoles).values({ userId: user.id, roleId: builtinRoles.administrator.id })
    await firstLocation(tx, ctx)
    await audit(tx, ctx, {
      action: 'setup.finish',
      target: { type: 'user', id: user.id },
      after: { email, name, roles: [builtinRoles.administrator.name] },
      actor: { kind: 'user', id: user.id, name },
    })
    return openSession(tx, ctx, user.id, false)
  })
  await ctx.throttle.forgive(names)
  ctx.cookie.set(session.token, null)
  return answerSignedIn(ctx, session)
}

async function useToken(tx: Queries, ctx: Ctx, tokenHash: string): Promise<void> {
  const used = await tx
    .update(setupTokens)
    .set({ usedAt: ctx.clock.now() })
    .where(isUsable(ctx, tokenHash))
    .returning({ tokenHash: setupTokens.tokenHash })
  if (used.length === 0) throw new AppError('setup_token_invalid')
}

function isUsable(ctx: Ctx, tokenHash: string) {
  return and(
    eq(setupTokens.tokenHash, tokenHash),
    isNull(setupTokens.usedAt),
    gt(setupTokens.expiresAt, ctx.clock.now()),
  )
}
