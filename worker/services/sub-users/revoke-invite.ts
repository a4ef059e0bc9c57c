import { and, eq } from 'drizzle-orm'
import type { subUsers as endpoints } from '../../../contract/api/sub-users.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { inTransaction } from '../../db/client.ts'
import { type ServerInviteRow, serverInvites } from '../../db/schema/rights.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { allowNow, requireWithin } from './rights-now.ts'

/** @throws `not_found`, `exceeds_your_rights` for one that gives more than the caller has */
export async function revokeInvite(
  ctx: Ctx,
  { serverId, inviteId }: Input<typeof endpoints.revokeInvite>,
): Promise<Record<never, never>> {
  await allow(ctx, 'subuser.delete', serverId)
  await inTransaction(ctx.db, async (tx) => {
    const { rights } = await allowNow(tx, ctx, 'subuser.delete', serverId)
    const [row] = await tx
      .delete(serverInvites)
      .where(and(eq(serverInvites.id, inviteId), eq(serverInvites.serverId, serverId)))
      .returning()
    if (row === undefined) throw new AppError('not_found')
    requireMayRevoke(rights, row)
    const { email, permissions, offersOwnership } = row
    await audit(tx, ctx, {
      action: 'subuser.revoke_invite',
      target: { type: 'server', id: serverId },
      before: { email, permissions, offersOwnership },
    })
  })
  return {}
}

/** @throws `exceeds_your_rights` */
export function requireMayRevoke(rights: readonly Permission[], invite: ServerInviteRow): void {
  requireWithin(rights, invite.offersOwnership ? ['server.set_owner'] : invite.permissions)
}
