import { asc, eq } from 'drizzle-orm'
import type { subUsers as endpoints } from '../../../contract/api/sub-users.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { users } from '../../db/schema/accounts.ts'
import { serverInvites } from '../../db/schema/rights.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'
import { selectSubUsers, toInvite, toSubUser } from './present.ts'

export async function listSubUsers(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.list>,
): Promise<Output<typeof endpoints.list>> {
  const { ownerId } = await allow(ctx, 'subuser.read', serverId)
  const { db } = ctx
  const [[owner], shared, invited] = await db.batch([
    db
      .select({ userId: users.id, name: users.name, email: users.email })
      .from(users)
      .where(eq(users.id, ownerId)),
    selectSubUsers(db, serverId),
    db
      .select()
      .from(serverInvites)
      .where(eq(serverInvites.serverId, serverId))
      .orderBy(asc(serverInvites.createdAt)),
  ])
  if (owner === undefined) throw new Error('a server has an owner')
  return { owner, subUsers: shared.map(toSubUser), invites: invited.map(toInvite) }
}
