import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { inTransaction } from '../../db/client.ts'
import { confirmPassword, hasPassword } from '../auth/confirm-password.ts'
import type { Ctx, Person } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { secondFactorName } from '../throttle/names.ts'
import { takeCode } from './take-code.ts'

/** What whoever calls gives to show that the account is theirs. */
export interface Proof {
  readonly currentPassword?: string | undefined
  readonly code?: string | undefined
}

/**
 * Asks once more whose account it is, by its password or by a code. An account that has neither a password
 * nor a factor has only its session to show.
 * @throws `wrong_password`, `wrong_code`, `invalid_input` where only a code will do, `too_many_attempts`
 */
export async function confirmOwner(ctx: Ctx, person: Person, proof: Proof): Promise<void> {
  if (proof.code !== undefined) return confirmCode(ctx, person.id, proof.code)
  if (person.hasTwoFactor && !(await hasPassword(ctx.db, person.id))) {
    throw new AppError('invalid_input', [{ path: ['code'], message: 'Give a code.' }])
  }
  return confirmPassword(ctx, person, proof.currentPassword)
}

async function confirmCode(ctx: Ctx, id: UserId, code: string): Promise<void> {
  const names = [secondFactorName(id)]
  await countAttempt(ctx, names)
  const taken = await inTransaction(ctx.db, (tx) => takeCode(tx, ctx, id, code))
  if (taken === null) throw new AppError('wrong_code')
  await ctx.throttle.forgive(names)
}
