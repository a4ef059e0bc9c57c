import { eq } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { noPassword, verifyPassword } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import type { Ctx, Person } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { passwordName } from '../throttle/names.ts'

/**
 * Asks for the password once more; an account that has none has nothing to give.
 * @throws `wrong_password`, `too_many_attempts`: a stolen session does not open what it takes a password for
 */
export async function confirmPassword(
  ctx: Ctx,
  { id }: Pick<Person, 'id'>,
  given: string | undefined,
): Promise<void> {
  const passwordHash = await readHash(ctx.db, id)
  if (passwordHash === noPassword) return
  const names = [passwordName(id)]
  await countAttempt(ctx, names)
  const isRight = passwordHash !== null && (await verifyPassword(given ?? '', passwordHash))
  if (!isRight) throw new AppError('wrong_password')
  await ctx.throttle.forgive(names)
}

/** False for accounts that were invited, or sign in with a provider alone. */
export async function hasPassword(db: Queries, id: UserId): Promise<boolean> {
  const passwordHash = await readHash(db, id)
  return passwordHash !== null && passwordHash !== noPassword
}

async function readHash(db: Queries, id: UserId): Promise<string | null> {
  const [row] = await db
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, id))
  return row?.passwordHash ?? null
}
