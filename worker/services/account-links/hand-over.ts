import { linkPages, type MadeLink } from '../../../contract/api/account-links.ts'
import type { User } from '../../../contract/api/accounts.ts'
import type { AuditAction } from '../../../contract/audit-actions.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import type { UserRow } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { dropTokens, makeToken } from '../auth/one-time-tokens.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { queueMail } from '../mail/queue.ts'
import { mailedLinksLeadTo } from '../mail/way.ts'
import { readUser } from '../users/present.ts'
import { requireOver } from '../users/roles.ts'

/** A kind of link that somebody makes for the holder of an account. */
export interface LinkKind {
  readonly purpose: 'account_invite' | 'password_reset'
  readonly page: keyof typeof linkPages
  readonly lastsMs: number
  readonly subject: string
  /** What the mail says. */
  readonly text: (name: string, url: string) => string
}

/**
 * Makes a link; those of its kind that were made for the account before are void. It is mailed to the
 * account's holder, or given to the caller where no mail is set up or they want to pass it on themselves.
 */
export async function handOver(
  tx: Queries,
  ctx: Ctx,
  { purpose, page, lastsMs, subject, text }: LinkKind,
  user: Pick<UserRow, 'id' | 'email' | 'name'>,
  byMail: boolean,
): Promise<MadeLink> {
  await dropTokens(tx, purpose, user.id)
  const order = { purpose, userId: user.id, payload: null, lastsMs }
  const { token, expiresAt } = await makeToken(tx, ctx, order)
  const panelUrl = byMail ? await mailedLinksLeadTo(tx) : null
  const url = `${panelUrl ?? ctx.request.origin}${linkPages[page]}#${token}`
  const made = { mailed: panelUrl !== null, expiresAt: iso(expiresAt) }
  if (!made.mailed) return { ...made, url }
  const until = expiresAt
  await queueMail(tx, ctx, { to: user.email, subject, text: text(user.name, url), until })
  return { ...made, url: null }
}

/**
 * The account that a link into it is made for.
 * @throws `not_found`, `exceeds_your_rights`, `account_disabled`
 */
export async function readHolder(tx: Queries, ctx: Ctx, userId: UserId): Promise<User> {
  const user = await readUser(tx, userId)
  await requireOver(tx, ctx.caller, userId)
  if (user.disabledAt !== null) throw new AppError('account_disabled')
  return user
}

/** As `handOver`, for an account that is there already; it stands in the audit log. */
export async function handOverAgain(
  tx: Queries,
  ctx: Ctx,
  action: AuditAction,
  kind: LinkKind,
  user: User,
  byMail: boolean,
): Promise<MadeLink> {
  const made = await handOver(tx, ctx, kind, user, byMail)
  const { mailed } = made
  await audit(tx, ctx, { action, target: { type: 'user', id: user.id }, after: { mailed } })
  return made
}
