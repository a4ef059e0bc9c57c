import { eq, sql } from 'drizzle-orm'
import type { invites as endpoints } from '../../../contract/api/sub-users.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { serverInvites } from '../../db/schema/rights.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { type AuditFact, audit } from '../audit.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { closeConsolesOf, type HandOver, handOver } from '../servers/hand-over.ts'
import { openUsableInvite } from './opened-invite.ts'

/** @throws `invite_for_another`, and what `useInvite` throws */
export async function acceptServerInvite(
  ctx: Ctx,
  { token }: Input<typeof endpoints.accept>,
): Promise<Output<typeof endpoints.accept>> {
  const person = requirePerson(ctx)
  const used = await inTransaction(ctx.db, (tx) => useInvite(tx, ctx, token, person))
  await closeConsolesOf(ctx, used)
  return { serverId: used.server.id }
}

/** Whoever uses an invitation. */
export interface Guest {
  readonly id: UserId
  readonly email: string
  readonly name: string
}

/**
 * Uses an invitation up for an account, once: a second request finds nothing.
 * @returns whose consoles are to be closed after the commit
 * @throws `invite_invalid`, `invite_expired`, `invite_void`, `server_suspended`, `already_has_access`,
 *   `limit_reached`
 */
export async function useInvite(
  tx: Queries,
  ctx: Ctx,
  token: string,
  guest: Guest,
): Promise<HandOver> {
  const { invite, server, gives } = await openUsableInvite(tx, ctx, token)
  if (invite.email !== guest.email) throw new AppError('invite_for_another')
  if (server.ownerId === guest.id) throw new AppError('already_has_access')
  await tx.delete(serverInvites).where(eq(serverInvites.id, invite.id))
  const by = { kind: 'user', id: guest.id, name: guest.name } as const
  if (invite.offersOwnership) {
    return handOver(tx, ctx, { server, newOwner: guest, kept: invite.permissions, actor: by })
  }
  await join(tx, ctx, server, guest.id, gives)
  await audit(tx, ctx, joined(server, guest, gives, invite.invitedByName, by))
  return { server, accounts: [] }
}

/** One statement counts and writes [S6]. */
async function join(
  tx: Queries,
  ctx: Ctx,
  { id }: ServerRow,
  userId: UserId,
  permissions: readonly Permission[],
): Promise<void> {
  const limit = ctx.policy.subUsersPerServer
  const already = await tx.all(
    sql`SELECT 1 FROM server_users WHERE server_id = ${id} AND user_id = ${userId}`,
  )
  if (already.length > 0) throw new AppError('already_has_access')
  const written = await tx.run(sql`
    INSERT INTO server_users (server_id, user_id, permissions, created_at)
    SELECT ${id}, ${userId}, ${JSON.stringify(permissions)}, ${ctx.clock.now()}
    WHERE (SELECT count(*) FROM server_users WHERE server_id = ${id}) < ${limit}`)
  if (written.rowsAffected === 0) throw new AppError('limit_reached', { limit })
}

function joined(
  server: ServerRow,
  { id, email }: Guest,
  permissions: readonly Permission[],
  invitedBy: string,
  actor: NonNullable<AuditFact['actor']>,
): AuditFact {
  return {
    action: 'subuser.join',
    target: { type: 'server', id: server.id },
    after: { userId: id, email, permissions, invitedBy },
    actor,
  }
}
