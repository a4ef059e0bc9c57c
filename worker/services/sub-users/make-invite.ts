import { and, eq, or, sql } from 'drizzle-orm'
import { type MadeInvite, serverInvitePage } from '../../../contract/api/sub-users.ts'
import { AppError } from '../../../contract/errors.ts'
import type { InviteId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { hashToken } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { type ServerInviteRow, serverInvites } from '../../db/schema/rights.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { actorOf, type Ctx, newId, newToken } from '../context.ts'
import { iso } from '../iso.ts'
import { queueMail } from '../mail/queue.ts'
import { mailedLinksLeadTo } from '../mail/way.ts'
import { toInvite } from './present.ts'

const lastsMs = 7 * 24 * 3_600_000

export interface Offer {
  readonly server: Pick<ServerRow, 'id' | 'name'>
  readonly email: string
  readonly permissions: readonly Permission[]
  readonly offersOwnership: boolean
}

/**
 * Writes an invitation in place of an older one to the same address. A server is offered to one at a time.
 * @throws `limit_reached`
 */
export async function makeInvite(tx: Queries, ctx: Ctx, offer: Offer): Promise<MadeInvite> {
  const token = newToken(ctx)
  const row = rowOf(ctx, offer, token)
  await tx
    .delete(serverInvites)
    .where(
      and(
        eq(serverInvites.serverId, row.serverId),
        or(
          eq(serverInvites.email, row.email),
          offer.offersOwnership ? eq(serverInvites.offersOwnership, true) : undefined,
        ),
      ),
    )
  await insertWithin(tx, row, offer.offersOwnership ? null : ctx.policy.subUsersPerServer)
  return handOut(tx, ctx, row, offer.server.name, token)
}

function rowOf(ctx: Ctx, offer: Offer, token: string): ServerInviteRow {
  const now = ctx.clock.now()
  const { server, ...offered } = offer
  return {
    ...offered,
    id: newId<InviteId>(ctx),
    serverId: server.id,
    tokenHash: hashToken(token),
    invitedById: ctx.caller.kind === 'user' ? ctx.caller.id : null,
    invitedByName: actorOf(ctx).name,
    createdAt: now,
    expiresAt: now + lastsMs,
  }
}

/** One statement counts and writes, so that requests side by side do not pass the limit together [S6]. */
async function insertWithin(tx: Queries, row: ServerInviteRow, limit: number | null) {
  if (limit === null) {
    await tx.insert(serverInvites).values(row)
    return
  }
  const { id, serverId, email, tokenHash, invitedById, invitedByName } = row
  const permissions = JSON.stringify(row.permissions)
  const written = await tx.run(sql`
    INSERT INTO server_invites (id, server_id, email, permissions, token_hash, invited_by_id,
      invited_by_name, offers_ownership, created_at, expires_at)
    SELECT ${id}, ${serverId}, ${email}, ${permissions}, ${tokenHash}, ${invitedById},
      ${invitedByName}, 0, ${row.createdAt}, ${row.expiresAt}
    WHERE (SELECT count(*) FROM server_users WHERE server_id = ${serverId})
      + (SELECT count(*) FROM server_invites
          WHERE server_id = ${serverId} AND expires_at > ${row.createdAt} AND NOT offers_ownership)
      < ${limit}`)
  if (written.rowsAffected === 0) throw new AppError('limit_reached', { limit })
}

/**
 * By mail, where mail is set up, and then by mail alone: whoever uses the link has shown that the address is
 * theirs. Without mail whoever made it passes it on.
 */
async function handOut(
  tx: Queries,
  ctx: Ctx,
  row: ServerInviteRow,
  serverName: string,
  token: string,
): Promise<MadeInvite> {
  const { email, expiresAt } = row
  const panelUrl = await mailedLinksLeadTo(tx)
  const url = `${panelUrl ?? ctx.request.origin}${serverInvitePage}#${token}`
  const made = { invite: toInvite(row), expiresAt: iso(expiresAt) }
  if (panelUrl === null) return { ...made, mailed: false, url }
  const subject = row.offersOwnership ? 'A server is offered to you' : 'A server is shared with you'
  const text = mailText(row, serverName, url)
  await queueMail(tx, ctx, { to: email, subject, text, until: expiresAt })
  return { ...made, mailed: true, url: null }
}

function mailText(
  { invitedByName, offersOwnership }: ServerInviteRow,
  serverName: string,
  url: string,
): string {
  const what = offersOwnership
    ? `${invitedByName} offers you the server “${serverName}”, to be yours.`
    : `${invitedByName} shares the server “${serverName}” with you.`
  return `${what}\n\nAccept here, within a week:\n\n${url}\n\nIf you do not know what this is about, you need not do anything.\n`
}
