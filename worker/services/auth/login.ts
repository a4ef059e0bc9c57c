import { and, eq } from 'drizzle-orm'
import type { auth } from '../../../contract/api/accounts.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { nobodysHash, verifyPassword } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { type UserRow, users } from '../../db/schema/accounts.ts'
import type { Ctx } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { accountName, addressNames } from '../throttle/names.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { noteFailedSignIn } from './note-failure.ts'

/**
 * An unknown account costs as much work, and is refused in the same words, as a wrong password.
 * @throws `too_many_attempts` before anything is looked at, for the right password too
 */
export async function login(
  ctx: Ctx,
  { email, password, rememberMe }: Input<typeof auth.login>,
): Promise<Output<typeof auth.login>> {
  const names = [...addressNames(ctx), accountName(email)]
  await countAttempt(ctx, names)
  const [user] = await ctx.db.select().from(users).where(eq(users.email, email))
  const isRight = await verifyPassword(password, user?.passwordHash ?? nobodysHash)
  if (user === undefined || !isRight) {
    noteFailedSignIn(ctx, { userId: user?.id ?? null, how: 'password' })
    throw new AppError('invalid_credentials')
  }
  await ctx.throttle.forgive(names)
  return finishSignIn(ctx, async (tx) => {
    await requireStill(tx, user)
    return { userId: user.id, rememberMe, how: 'password' }
  })
}

/** The work that the password took gave time to change it, which ends what it opened before. */
async function requireStill(tx: Queries, { id, passwordHash }: UserRow): Promise<void> {
  const isIt = and(eq(users.id, id), eq(users.passwordHash, passwordHash))
  const [still] = await tx.select({ id: users.id }).from(users).where(isIt)
  if (still === undefined) throw new AppError('invalid_credentials')
}
