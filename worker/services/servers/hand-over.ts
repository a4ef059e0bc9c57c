import { and, eq, inArray, or } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { serverInvites, serverUsers } from '../../db/schema/rights.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'
import { type AuditFact, audit } from '../audit.ts'
import { closeWatchersOn } from '../auth/close-watchers.ts'
import type { Ctx } from '../context.ts'

/** A server of which somebody's rights changed. */
export interface HandOver {
  readonly server: Pick<ServerRow, 'id' | 'nodeId'>
  /** Whose consoles close, to come back as far as they still may. */
  readonly accounts: readonly UserId[]
}

interface Change {
  readonly server: ServerRow
  readonly newOwner: { readonly id: UserId }
  /** What the owner so far may still do; nothing: the server is gone for them. */
  readonly kept: readonly Permission[]
  readonly actor?: AuditFact['actor']
}

/**
 * Makes a server another account's. Its node has no part in it, so its desired state stays as it is.
 * @throws `wrong_state` when it is being deleted, or has just changed hands
 */
export async function handOver(
  tx: Queries,
  ctx: Ctx,
  { server, newOwner, kept, actor }: Change,
): Promise<HandOver> {
  const { id, ownerId } = server
  const now = ctx.clock.now()
  const moved = await tx
    .update(servers)
    .set({ ownerId: newOwner.id, updatedAt: now })
    .where(and(eq(servers.id, id), eq(servers.ownerId, ownerId), eq(servers.removed, false)))
    .returning({ id: servers.id })
  if (moved.length === 0) throw new AppError('wrong_state')
  await tx
    .delete(serverUsers)
    .where(and(eq(serverUsers.serverId, id), eq(serverUsers.userId, newOwner.id)))
  if (kept.length > 0) {
    const row = { serverId: id, userId: ownerId, permissions: kept, createdAt: now }
    await tx.insert(serverUsers).values(row)
  }
  await dropInvites(tx, server, newOwner.id)
  await audit(tx, ctx, {
    action: 'server.set_owner',
    target: { type: 'server', id },
    before: { ownerId },
    after: { ownerId: newOwner.id, kept },
    ...(actor === undefined ? {} : { actor }),
  })
  return { server, accounts: [ownerId, newOwner.id] }
}

/** Offers of an earlier owner are not the new one's, who needs no invitation any more. */
async function dropInvites(tx: Queries, { id }: ServerRow, newOwnerId: UserId): Promise<void> {
  const theirAddress = tx.select({ email: users.email }).from(users).where(eq(users.id, newOwnerId))
  await tx
    .delete(serverInvites)
    .where(
      and(
        eq(serverInvites.serverId, id),
        or(eq(serverInvites.offersOwnership, true), inArray(serverInvites.email, theirAddress)),
      ),
    )
}

export function closeConsolesOf(ctx: Ctx, { server, accounts }: HandOver): Promise<void> {
  return closeWatchersOn(ctx, [server.nodeId], accounts)
}
