import { eq } from 'drizzle-orm'
import type { auth } from '../../../contract/api/accounts.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { nobodysHash, verifyPassword } from '../../crypto.ts'
import { users } from '../../db/schema/accounts.ts'
import type { Ctx } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { accountName, addressNames } from '../throttle/names.ts'
import { finishSignIn } from './finish-sign-in.ts'

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
  if (user === undefined || !isRight) throw new AppError('invalid_credentials')
  await ctx.throttle.forgive(names)
  return finishSignIn(ctx, { userId: user.id, rememberMe, how: 'password' })
}
