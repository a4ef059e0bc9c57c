import type { roles as endpoints, Role } from '../../../contract/api/roles.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { RoleId } from '../../../contract/ids.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { roles } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { requireHoldsAll } from '../users/rights-now.ts'
import { readRole } from './list.ts'

/** @throws `name_taken`, `exceeds_your_rights` */
export async function createRole(ctx: Ctx, given: Input<typeof endpoints.create>): Promise<Role> {
  const id = newId<RoleId>(ctx)
  const now = ctx.clock.now()
  return inTransaction(ctx.db, async (tx) => {
    await requireHoldsAll(tx, ctx.caller, given.permissions)
    const row = { id, ...given, nameKey: nameKeyOf(given.name), createdAt: now, updatedAt: now }
    await refuseDuplicate(tx.insert(roles).values(row), 'name_taken')
    const target = { type: 'role', id } as const
    await audit(tx, ctx, { action: 'role.create', target, after: given })
    return readRole(tx, id)
  })
}

/** Two names with one key would be taken for each other. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
