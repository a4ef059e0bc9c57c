import type { SignedIn } from '../../../contract/api/accounts.ts'
import { inTransaction } from '../../db/client.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import type { Ctx } from '../context.ts'
import { accountOf } from './account.ts'
import { endAttempt } from './attempt.ts'
import { setClaimedRoles } from './claimed-roles.ts'
import { type Answer, askWho, requireAnswer } from './conversation.ts'
import { findStillEnabled } from './stored.ts'

/**
 * Signs in whom a provider vouches for, with the roles that its claims give. Roles are set before a second
 * factor is asked for: it is the provider's word that they follow.
 * @throws `sign_in_expired`, `provider_refused`, `provider_failed`, and what `accountOf` and `finishSignIn` throw
 */
export async function finishProviderSignIn(ctx: Ctx, answer: Answer): Promise<SignedIn> {
  requireAnswer(answer)
  const binding = ctx.browserMark.read()
  const { state } = answer
  const { providerId, rememberMe, attempt } = await endAttempt(ctx, {
    state,
    binding,
    userId: null,
  })
  const provider = await findStillEnabled(ctx.db, providerId)
  const vouched = await askWho(ctx, provider, attempt, answer)
  const { userId, changed } = await inTransaction(ctx.db, async (tx) => {
    const user = await accountOf(tx, ctx, provider, vouched)
    return {
      userId: user.id,
      changed: await setClaimedRoles(tx, ctx, user, provider, vouched.claims),
    }
  })
  if (changed !== null) {
    await closeWatchers(ctx, changed)
    // Also where a second factor is still missing: the roles are others already.
    await ctx.bell.ring()
  }
  return finishSignIn(ctx, async () => ({ userId, rememberMe, how: 'oidc' }))
}
