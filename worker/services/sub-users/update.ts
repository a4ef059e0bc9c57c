import { and, eq } from 'drizzle-orm'
import type { subUsers as endpoints, SubUser } from '../../../contract/api/sub-users.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { changedRights, subUserRights } from '../../../contract/rules/sub-users.ts'
import { inTransaction } from '../../db/client.ts'
import { serverUsers } from '../../db/schema/rights.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import { closeWatchersOn } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'
import { readSubUser } from './present.ts'
import { allowNow, requireWithin } from './rights-now.ts'

/**
 * Their consoles close and come back as far as they still may.
 * @throws `not_found`, `forbidden` for oneself, `exceeds_your_rights` for what is given or taken
 */
export async function updateSubUser(
  ctx: Ctx,
  { serverId, userId, ...asked }: Input<typeof endpoints.update>,
): Promise<SubUser> {
  const { nodeId } = await allow(ctx, 'subuser.update', serverId)
  if (ctx.caller.kind === 'user' && ctx.caller.id === userId) {
    throw new AppError('forbidden', undefined, 'Nobody changes their own rights.')
  }
  const permissions = subUserRights(asked)

  await inTransaction(ctx.db, async (tx) => {
    const { rights } = await allowNow(tx, ctx, 'subuser.update', serverId)
    const { email, permissions: before } = await readSubUser(tx, serverId, userId)
    requireWithin(rights, changedRights(before, permissions))
    const isThem = and(eq(serverUsers.serverId, serverId), eq(serverUsers.userId, userId))
    await tx.update(serverUsers).set({ permissions }).where(isThem)
    await audit(tx, ctx, {
      action: 'subuser.update',
      target: { type: 'server', id: serverId },
      before: { userId, email, permissions: before },
      after: { userId, email, permissions },
    })
  })

  await closeWatchersOn(ctx, [nodeId], [userId])
  return readSubUser(ctx.db, serverId, userId)
}
