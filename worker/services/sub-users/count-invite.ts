import type { Ctx } from '../context.ts'
import { mailIsSetUp } from '../mail/way.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { inviteNames } from '../throttle/names.ts'

/**
 * Counts an invitation that goes out by mail, before it is written. Anybody with a server may invite any
 * address, again and again; without mail nobody hears of it whom they do not tell themselves.
 * @throws `too_many_attempts`, `throttle_unavailable`
 */
export async function countInvite(ctx: Ctx, email: string): Promise<void> {
  const { caller } = ctx
  if (caller.kind === 'user' && (await mailIsSetUp(ctx))) {
    await countAttempt(ctx, inviteNames(caller.id, email))
  }
}
