import { eq } from 'drizzle-orm'
import type { auth } from '../../../contract/api/accounts.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { nobodysHash, verifyPassword } from '../../crypto.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { answerSignedIn, openSession } from './sessions.ts'

/** An unknown account costs as much work, and is refused in the same words, as a wrong password. */
export async function login(
  ctx: Ctx,
  { email, password, rememberMe }: Input<typeof auth.login>,
): Promise<Output<typeof auth.login>> {
  const [user] = await ctx.db.select().from(users).where(eq(users.email, email))
  const isRight = await verifyPassword(password, user?.passwordHash ?? nobodysHash)
  if (user === undefined || !isRight) throw new AppError('invalid_credentials')
  if (user.disabledAt !== null) throw new AppError('account_disabled')

  const session = await inTransaction(ctx.db, async (tx) => {
    await audit(tx, ctx, {
      action: 'auth.login',
      target: { type: 'user', id: user.id },
      actor: { kind: 'user', id: user.id, name: user.name },
    })
    return openSession(tx, ctx, user.id, rememberMe)
  })
  ctx.cookie.set(session.token, rememberMe ? session.expiresAt : null)
  return answerSignedIn(ctx, session)
}
