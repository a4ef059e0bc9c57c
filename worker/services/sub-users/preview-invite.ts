import type { invites as endpoints, InvitePreview } from '../../../contract/api/sub-users.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { openInvite } from './opened-invite.ts'

/**
 * Whether the address has an account already is not told: without mail it is the inviter who holds the link.
 * @throws `invite_invalid`
 */
export async function previewServerInvite(
  ctx: Ctx,
  { token }: Input<typeof endpoints.preview>,
): Promise<InvitePreview> {
  const { invite, server, gives, isExpired } = await openInvite(ctx.db, ctx, token)
  const { invitedByName, email, offersOwnership, expiresAt } = invite
  return {
    serverName: server.name,
    invitedByName,
    email,
    offersOwnership,
    permissions: [...(gives ?? [])],
    state: isExpired ? 'expired' : gives === null ? 'void' : 'open',
    expiresAt: iso(expiresAt),
  }
}
