import type { users as endpoints, User } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { UserId } from '../../../contract/ids.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { readUser } from './present.ts'
import { giveRoles, requireMayGive, rolesOfNewAccounts } from './roles.ts'

/** @throws `email_taken`, and what `requireMayGive` throws */
export async function createUser(
  ctx: Ctx,
  { email, name, password, roleIds = [...rolesOfNewAccounts] }: Input<typeof endpoints.create>,
): Promise<User> {
  const id = newId<UserId>(ctx)
  const passwordHash = await hashPassword(password, ctx.rng.bytes(16))

  await inTransaction(ctx.db, async (tx) => {
    const given = await requireMayGive(tx, ctx.caller, roleIds)
    const row = { id, email, name, passwordHash, createdAt: ctx.clock.now() }
    await refuseDuplicate(tx.insert(users).values(row), 'email_taken')
    await giveRoles(tx, id, roleIds)
    await audit(tx, ctx, {
      action: 'user.create',
      target: { type: 'user', id },
      after: { email, name, roles: given.map((role) => role.name) },
    })
  })
  return readUser(ctx.db, id)
}
