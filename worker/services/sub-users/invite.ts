import { and, eq } from 'drizzle-orm'
import type { subUsers as endpoints, MadeInvite } from '../../../contract/api/sub-users.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { subUserRights } from '../../../contract/rules/sub-users.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { serverInvites } from '../../db/schema/rights.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { countInvite } from './count-invite.ts'
import { makeInvite } from './make-invite.ts'
import { selectSubUsers } from './present.ts'
import { requireMayRevoke } from './revoke-invite.ts'
import { allowNow, type Judged, requireWithin } from './rights-now.ts'

/**
 * Whether the address is an account's makes no difference, so nobody finds accounts out by inviting.
 * @throws `exceeds_your_rights`, `limit_reached`, `already_has_access` to those who may see who has,
 *   `too_many_attempts`
 */
export async function inviteSubUser(
  ctx: Ctx,
  { serverId, email, ...asked }: Input<typeof endpoints.invite>,
): Promise<MadeInvite> {
  await allow(ctx, 'subuser.create', serverId)
  await countInvite(ctx, email)
  const permissions = subUserRights(asked)
  return inTransaction(ctx.db, async (tx) => {
    const judged = await allowNow(tx, ctx, 'subuser.create', serverId)
    const { server, rights } = judged
    requireWithin(rights, permissions)
    if (rights.includes('subuser.read')) await refuseMember(tx, server, email)
    await requireMayReplace(tx, judged, email)
    const made = await makeInvite(tx, ctx, { server, email, permissions, offersOwnership: false })
    await audit(tx, ctx, {
      action: 'subuser.invite',
      target: { type: 'server', id: serverId },
      after: { email, permissions },
    })
    return made
  })
}

async function refuseMember(tx: Queries, server: ServerRow, email: string): Promise<void> {
  const shared = await selectSubUsers(tx, server.id)
  const [owner] = await tx
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, server.ownerId))
  if ([owner, ...shared].some((one) => one?.email === email)) {
    throw new AppError('already_has_access')
  }
}

/** An older invitation to the address is void by the new one: that takes the right to take it back. */
async function requireMayReplace(tx: Queries, { server, rights }: Judged, email: string) {
  const [older] = await tx
    .select()
    .from(serverInvites)
    .where(and(eq(serverInvites.serverId, server.id), eq(serverInvites.email, email)))
  if (older === undefined) return
  requireMayRevoke(rights, older)
}
