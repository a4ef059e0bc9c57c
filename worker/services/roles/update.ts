import { eq } from 'drizzle-orm'
import type { roles as endpoints, Role } from '../../../contract/api/roles.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { roles } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { closeWatchersWith } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { requireHoldsAll } from '../users/rights-now.ts'
import { nameKeyOf } from './create.ts'
import { readRole } from './list.ts'

/**
 * Holds at once for all who have it: their consoles close and come back as far as they still may.
 * @throws `not_found`, `name_taken`, `builtin_role` for what is fixed, `exceeds_your_rights` for a role that
 *   holds more than the caller, before or after
 */
export async function updateRole(
  ctx: Ctx,
  { roleId, ...given }: Input<typeof endpoints.update>,
): Promise<Role> {
  const before = await inTransaction(ctx.db, async (tx) => {
    const role = await readRole(tx, roleId)
    const { name, description, permissions, requiresTwoFactor } = role
    const fields = { name, description, permissions, requiresTwoFactor }
    const changed = withGiven(fields, given)
    await requireHoldsAll(tx, ctx.caller, [...permissions, ...changed.permissions])
    const { before: from, after: to } = changesOf(fields, changed)
    const isFixed = 'name' in to || 'description' in to || 'permissions' in to
    if (role.builtin !== null && isFixed) throw new AppError('builtin_role')
    const row = {
      ...changed,
      permissions: role.builtin === null ? changed.permissions : [],
      nameKey: nameKeyOf(changed.name),
      updatedAt: ctx.clock.now(),
    }
    await refuseDuplicate(tx.update(roles).set(row).where(eq(roles.id, roleId)), 'name_taken')
    const target = { type: 'role', id: roleId } as const
    await audit(tx, ctx, { action: 'role.update', target, before: from, after: to })
    return role
  })
  await closeWatchersWith(ctx, roleId, before.permissions)
  return readRole(ctx.db, roleId)
}
