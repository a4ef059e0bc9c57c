import type { users as endpoints, User } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { UserId } from '../../../contract/ids.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { toUser } from '../auth/sessions.ts'
import { type Ctx, newId } from '../context.ts'

export async function createUser(
  ctx: Ctx,
  { email, name, password, role }: Input<typeof endpoints.create>,
): Promise<User> {
  const id = newId<UserId>(ctx)
  const user = { id, email, name, role, disabledAt: null, createdAt: ctx.clock.now() }
  const passwordHash = await hashPassword(password, ctx.rng.bytes(16))

  await inTransaction(ctx.db, async (tx) => {
    await refuseDuplicate(tx.insert(users).values({ ...user, passwordHash }), 'email_taken')
    await audit(tx, ctx, {
      action: 'user.create',
      target: { type: 'user', id },
      after: { email, name, role },
    })
  })
  return toUser(user)
}
