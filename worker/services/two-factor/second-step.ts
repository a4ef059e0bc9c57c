import { and, lt, sql } from 'drizzle-orm'
import type { SignedIn } from '../../../contract/api/accounts.ts'
import type { twoFactor as endpoints } from '../../../contract/api/two-factor.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { oneTimeTokens } from '../../db/schema/sign-in.ts'
import { finishSignIn, waitingSignIn } from '../auth/finish-sign-in.ts'
import { noteFailedSignIn } from '../auth/note-failure.ts'
import { isUsable, spendToken } from '../auth/one-time-tokens.ts'
import type { Ctx } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { addressNames, secondFactorName } from '../throttle/names.ts'
import { takeCode } from './take-code.ts'

/** Wrong codes that one sign-in may give before it has to begin anew. */
const mostFailures = 5

/**
 * The second half of a sign-in.
 * @throws `wrong_code`; `sign_in_expired` when it has to begin anew; `too_many_attempts`
 */
export async function secondStep(
  ctx: Ctx,
  { token, code }: Input<typeof endpoints.secondStep>,
): Promise<SignedIn> {
  await countAttempt(ctx, addressNames(ctx))
  const userId = await countOnToken(ctx, token)
  const names = [secondFactorName(userId)]
  await countAttempt(ctx, names)
  const signedIn = await finishSignIn(ctx, async (tx) => {
    const how = await takeCode(tx, ctx, userId, code)
    if (how === null) throw new AppError('wrong_code')
    const used = await spendToken(tx, ctx, 'two_factor', token)
    if (used === null) throw new AppError('sign_in_expired')
    return { ...waitingSignIn(used.payload), userId, how, bothFactors: true }
  }).catch((error: unknown) => {
    const isWrong = error instanceof AppError && error.code === 'wrong_code'
    if (isWrong) noteFailedSignIn(ctx, { userId, how: 'second_factor' })
    throw error
  })
  await ctx.throttle.forgive([...names, ...addressNames(ctx)])
  return signedIn
}

/** Counts the answer before it is judged, so that answers in parallel are counted too. */
async function countOnToken(ctx: Ctx, token: string): Promise<UserId> {
  const [row] = await ctx.db
    .update(oneTimeTokens)
    .set({ failures: sql`${oneTimeTokens.failures} + 1` })
    .where(and(isUsable(ctx, 'two_factor', token), lt(oneTimeTokens.failures, mostFailures)))
    .returning({ userId: oneTimeTokens.userId })
  if (row === undefined || row.userId === null) throw new AppError('sign_in_expired')
  return row.userId
}
