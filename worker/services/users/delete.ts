import { count, eq } from 'drizzle-orm'
import type { users as endpoints } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { servers } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import { closeWatchersOn, nodesSeenBy } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'
import { readUser } from './present.ts'
import { requireAnAdmin, requireOver } from './roles.ts'

/**
 * What the account did stays in the audit log and in operations, under its name.
 * @throws `not_found`, `in_use` while it owns servers, `exceeds_your_rights`, `last_admin`
 */
export async function deleteUser(
  ctx: Ctx,
  { userId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  const nodeIds = await inTransaction(ctx.db, async (tx) => {
    const { email, name, roles } = await readUser(tx, userId)
    const held = await requireOver(tx, ctx.caller, userId)
    const [owned] = await tx
      .select({ servers: count() })
      .from(servers)
      .where(eq(servers.ownerId, userId))
    if (owned !== undefined && owned.servers > 0) throw new AppError('in_use', owned)
    const nodeIds = await nodesSeenBy(tx, { id: userId, permissions: held.permissions })
    await tx.delete(users).where(eq(users.id, userId))
    await requireAnAdmin(tx, held)
    const target = { type: 'user', id: userId } as const
    await audit(tx, ctx, {
      action: 'user.delete',
      target,
      before: { email, name, roles: roles.map((role) => role.name) },
    })
    return nodeIds
  })
  await closeWatchersOn(ctx, nodeIds, [userId])
  return {}
}
