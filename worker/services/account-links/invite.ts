import type { accountLinks, MadeLink } from '../../../contract/api/account-links.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { noPassword } from '../../crypto.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { readUser } from '../users/present.ts'
import { giveRoles, requireMayGive, rolesOfNewAccounts } from '../users/roles.ts'
import { handOver, handOverAgain, type LinkKind, readHolder } from './hand-over.ts'

const invitation: LinkKind = {
  purpose: 'account_invite',
  page: 'invite',
  lastsMs: 7 * 24 * 3_600_000,
  subject: 'You are invited',
  text: (name, url) =>
    `Hello ${name},\n\nan account was made for you. Choose its password here, within a week:\n\n${url}\n`,
}

/**
 * The account is there at once and can be given servers; its holder gets in by the link alone.
 * @throws `email_taken`, and what `requireMayGive` throws
 */
export async function inviteUser(
  ctx: Ctx,
  given: Input<typeof accountLinks.invite>,
): Promise<Output<typeof accountLinks.invite>> {
  const { email, name, byMail, roleIds = [...rolesOfNewAccounts] } = given
  const id = newId<UserId>(ctx)
  const link = await inTransaction(ctx.db, async (tx) => {
    const roles = await requireMayGive(tx, ctx.caller, roleIds)
    const row = { id, email, name, passwordHash: noPassword, createdAt: ctx.clock.now() }
    await refuseDuplicate(tx.insert(users).values(row), 'email_taken')
    await giveRoles(tx, id, roleIds)
    const made = await handOver(tx, ctx, invitation, row, byMail)
    await audit(tx, ctx, {
      action: 'user.invite',
      target: { type: 'user', id },
      after: { email, name, roles: roles.map((role) => role.name), mailed: made.mailed },
    })
    return made
  })
  return { ...link, user: await readUser(ctx.db, id) }
}

/**
 * Only for an account that nobody can sign in to yet: for any other it would be a new password, which takes
 * another right.
 * @throws `not_found`, `exceeds_your_rights`, `account_disabled`, `has_password`, `already_in_use`
 */
export async function inviteAgain(
  ctx: Ctx,
  { userId, byMail }: Input<typeof accountLinks.inviteAgain>,
): Promise<MadeLink> {
  return inTransaction(ctx.db, async (tx) => {
    const user = await readHolder(tx, ctx, userId)
    if (user.hasPassword) throw new AppError('has_password')
    if (!user.isInvited) throw new AppError('already_in_use')
    return handOverAgain(tx, ctx, 'user.invite_again', invitation, user, byMail)
  })
}
