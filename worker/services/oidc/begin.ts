import type { oidc } from '../../../contract/api/oidc.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { type Ctx, newToken } from '../context.ts'
import { attemptLastsMs, makeAttempt } from './attempt.ts'
import { askWhere } from './conversation.ts'
import { findEnabled } from './stored.ts'

/**
 * The browser is marked, and has to bring the mark back: else somebody could have another person end a sign-in
 * that they began, and be signed in as them without knowing.
 * @throws `not_found`, `provider_failed`
 */
export async function beginSignIn(
  ctx: Ctx,
  { providerId, rememberMe }: Input<typeof oidc.begin>,
): Promise<Output<typeof oidc.begin>> {
  const row = await findEnabled(ctx.db, providerId)
  // One mark serves attempts in several tabs.
  const binding = ctx.browserMark.read() ?? newToken(ctx)
  const attempt = await inTransaction(ctx.db, (tx) =>
    makeAttempt(tx, ctx, { providerId, binding, rememberMe, userId: null }),
  )
  const where = await askWhere(ctx, row, attempt)
  ctx.browserMark.set(binding, ctx.clock.now() + attemptLastsMs)
  return where
}
