import { eq } from 'drizzle-orm'
import type { roles as endpoints } from '../../../contract/api/roles.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { roles } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { requireHoldsAll } from '../users/rights-now.ts'
import { readRole } from './list.ts'

/** @throws `not_found`, `builtin_role`, `in_use` while somebody has it, `exceeds_your_rights` */
export async function deleteRole(
  ctx: Ctx,
  { roleId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await inTransaction(ctx.db, async (tx) => {
    const { name, builtin, permissions, userCount } = await readRole(tx, roleId)
    if (builtin !== null) throw new AppError('builtin_role')
    await requireHoldsAll(tx, ctx.caller, permissions)
    if (userCount > 0) throw new AppError('in_use', { accounts: userCount })
    await tx.delete(roles).where(eq(roles.id, roleId))
    const target = { type: 'role', id: roleId } as const
    await audit(tx, ctx, { action: 'role.delete', target, before: { name, permissions } })
  })
  return {}
}
