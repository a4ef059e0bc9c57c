import type { UserId } from '../../../contract/ids.ts'
import type { RateLimit } from '../../../contract/throttle.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { strangersName } from '../throttle/names.ts'

/** The audit log's name for it. */
export const loginFailed = 'auth.login_failed'

/** E-mails can be invented without end; failures at an account are few already, since attempts have to wait. */
const strangersLimit: RateLimit = { quota: 100, windowSeconds: 3600 }

export interface FailedSignIn {
  /** Null: there is no such account. */
  readonly userId: UserId | null
  readonly how: 'password' | 'second_factor'
}

/**
 * Leaves a failed sign-in in the audit log, which is all that it changes. The answer does not wait for it, so
 * that nobody learns by the time it takes whether there is such an account. What was typed is not told: people take one
 * field for the other.
 */
export function noteFailedSignIn(ctx: Ctx, { userId, how }: FailedSignIn): void {
  ctx.besideAnswer(async () => {
    if (userId === null) {
      const verdict = await ctx.throttle.take(strangersName, strangersLimit)
      if (verdict?.allowed !== true) return
    }
    const target = userId === null ? null : ({ type: 'user', id: userId } as const)
    await inTransaction(ctx.db, (tx) =>
      audit(tx, ctx, { action: loginFailed, target, after: { how } }),
    )
  })
}
