import { eq } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import { ownerPermissions, type Permission } from '../../../contract/permissions.ts'
import { rightsByInvite } from '../../../contract/rules/sub-users.ts'
import { hashToken } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { type ServerInviteRow, serverInvites } from '../../db/schema/rights.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'
import { suspended } from '../access.ts'
import type { Ctx } from '../context.ts'
import { rightsOfAccount } from './rights-now.ts'

/** An invitation as the holder of its link finds it at this moment. */
export interface OpenedInvite {
  readonly invite: ServerInviteRow
  readonly server: ServerRow
  /** Null: whoever made it may not do so any more. */
  readonly gives: readonly Permission[] | null
  readonly isExpired: boolean
}

/** @throws `invite_invalid` */
export async function openInvite(db: Queries, ctx: Ctx, token: string): Promise<OpenedInvite> {
  const [found] = await db
    .select({ invite: serverInvites, server: servers })
    .from(serverInvites)
    .innerJoin(servers, eq(servers.id, serverInvites.serverId))
    .where(eq(serverInvites.tokenHash, hashToken(token)))
  if (found === undefined || found.server.removed) throw new AppError('invite_invalid')
  const { invite, server } = found
  const isExpired = invite.expiresAt <= ctx.clock.now()
  return { invite, server, gives: await givenBy(db, invite, server), isExpired }
}

async function givenBy(db: Queries, invite: ServerInviteRow, server: ServerRow) {
  const { invitedById, permissions } = invite
  // A script that set the panel up has every right, and stays what it is.
  if (invitedById === null) return invite.offersOwnership ? ownerPermissions : permissions
  const inviter = await rightsOfAccount(db, invitedById, server)
  if (!invite.offersOwnership) return rightsByInvite(permissions, inviter)
  return inviter.includes('server.set_owner') ? ownerPermissions : null
}

/**
 * An invitation that can be used now.
 * @throws `invite_invalid`, `invite_expired`, `invite_void`, `server_suspended`
 */
export async function openUsableInvite(db: Queries, ctx: Ctx, token: string) {
  const { gives, isExpired, ...opened } = await openInvite(db, ctx, token)
  if (isExpired) throw new AppError('invite_expired')
  if (gives === null) throw new AppError('invite_void')
  // Nobody gives access to a suspended server; why it is suspended is nothing for strangers.
  if (opened.server.suspendedAt !== null) throw suspended(opened.server.suspendedAt, null)
  return { ...opened, gives }
}
