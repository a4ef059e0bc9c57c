import { count, eq } from 'drizzle-orm'
import type { users as endpoints } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { rolePermissions } from '../../../contract/permissions.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { servers } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'
import { readUser, requireAnAdmin } from './update.ts'

/**
 * What the account did stays in the audit log and in operations, under its name.
 * @throws `not_found`, `in_use` while it owns servers, `last_admin`
 */
export async function deleteUser(
  ctx: Ctx,
  { userId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  const gone = await inTransaction(ctx.db, async (tx) => {
    const row = await readUser(tx, userId)
    const [owned] = await tx
      .select({ servers: count() })
      .from(servers)
      .where(eq(servers.ownerId, userId))
    if (owned !== undefined && owned.servers > 0) throw new AppError('in_use', owned)
    await tx.delete(users).where(eq(users.id, userId))
    await requireAnAdmin(tx, row)
    const { email, name, role } = row
    const target = { type: 'user', id: userId } as const
    await audit(tx, ctx, { action: 'user.delete', target, before: { email, name, role } })
    return row
  })
  await closeWatchers(ctx, { id: userId, permissions: rolePermissions(gone.role) })
  return {}
}
