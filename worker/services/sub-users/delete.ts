import { and, eq } from 'drizzle-orm'
import type { subUsers as endpoints } from '../../../contract/api/sub-users.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { inTransaction } from '../../db/client.ts'
import { serverUsers } from '../../db/schema/rights.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import { closeWatchersOn } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'
import { readSubUser } from './present.ts'
import { allowNow, requireWithin } from './rights-now.ts'

/** @throws `not_found`, `exceeds_your_rights` for somebody who may do more than the caller */
export async function deleteSubUser(
  ctx: Ctx,
  { serverId, userId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  const isLeaving = isThemself(ctx, userId)
  // Whoever is leaving needs no more than to have had access.
  const needed: Permission = isLeaving ? 'server.read' : 'subuser.delete'
  const { nodeId } = await allow(ctx, needed, serverId)

  await inTransaction(ctx.db, async (tx) => {
    const { rights } = await allowNow(tx, ctx, needed, serverId)
    const { email, permissions } = await readSubUser(tx, serverId, userId)
    if (!isLeaving) requireWithin(rights, permissions)
    const isThem = and(eq(serverUsers.serverId, serverId), eq(serverUsers.userId, userId))
    await tx.delete(serverUsers).where(isThem)
    await audit(tx, ctx, {
      action: 'subuser.delete',
      target: { type: 'server', id: serverId },
      before: { userId, email, permissions },
    })
  })

  await closeWatchersOn(ctx, [nodeId], [userId])
  return {}
}

/** A key of theirs gives access away only if that is what it is for. */
function isThemself({ caller }: Ctx, userId: UserId): boolean {
  return caller.kind === 'user' && caller.id === userId && caller.key === null
}
