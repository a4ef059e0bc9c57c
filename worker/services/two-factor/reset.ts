import type { twoFactor as endpoints } from '../../../contract/api/two-factor.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { endSessions } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { readUser } from '../users/present.ts'
import { refuseOwn, requireOver } from '../users/roles.ts'
import { removeFactors } from './own-factors.ts'

/** For somebody else who has lost them all. @throws `not_found`, `exceeds_your_rights`, `forbidden` */
export async function resetTwoFactor(
  ctx: Ctx,
  { userId }: Input<typeof endpoints.reset>,
): Promise<Record<never, never>> {
  refuseOwn(ctx.caller, userId)
  const { permissions } = await inTransaction(ctx.db, async (tx) => {
    await readUser(tx, userId)
    const held = await requireOver(tx, ctx.caller, userId)
    await removeFactors(tx, userId)
    await endSessions(tx, userId, null)
    const target = { type: 'user', id: userId } as const
    await audit(tx, ctx, { action: 'user.reset_two_factor', target })
    return held
  })
  await closeWatchers(ctx, { id: userId, permissions })
  return {}
}
