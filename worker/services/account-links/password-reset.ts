import { and, eq, isNull } from 'drizzle-orm'
import type { accountLinks, MadeLink } from '../../../contract/api/account-links.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { readToken, spendToken } from '../auth/one-time-tokens.ts'
import { endSessions } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { queue } from '../mail/queue.ts'
import { resetLinkLastsMs, resetText } from '../mail/reset-mail.ts'
import { mailIsSetUp } from '../mail/way.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { resetNames } from '../throttle/names.ts'
import { readRights } from '../users/rights-now.ts'
import { refuseOwn } from '../users/roles.ts'
import { handOverAgain, type LinkKind, readHolder } from './hand-over.ts'

const subject = 'Your link to a new password'
const resetLink: LinkKind = {
  purpose: 'password_reset',
  page: 'passwordReset',
  lastsMs: resetLinkLastsMs,
  subject,
  text: resetText,
}

/**
 * Does the same and answers the same whoever asks for whom: whether there is such an account is looked up
 * when the mail is sent.
 * @throws `too_many_attempts`
 */
export async function askPasswordReset(
  ctx: Ctx,
  { email }: Input<typeof accountLinks.askPasswordReset>,
): Promise<Output<typeof accountLinks.askPasswordReset>> {
  await countAttempt(ctx, resetNames(ctx, email))
  if (!(await mailIsSetUp(ctx))) return { byMail: false }
  await inTransaction(ctx.db, async (tx) => {
    await queue(tx, ctx, email, subject, { kind: 'password_reset' })
    await audit(tx, ctx, { action: 'auth.ask_password_reset', target: null, after: { email } })
  })
  return { byMail: true }
}

/** @throws `not_found`, `exceeds_your_rights`, `forbidden` for oneself, `account_disabled` */
export async function makePasswordReset(
  ctx: Ctx,
  { userId, byMail }: Input<typeof accountLinks.makePasswordReset>,
): Promise<MadeLink> {
  refuseOwn(ctx.caller, userId)
  return inTransaction(ctx.db, async (tx) => {
    const user = await readHolder(tx, ctx, userId)
    return handOverAgain(tx, ctx, 'user.password_reset', resetLink, user, byMail)
  })
}

/**
 * Whoever was signed in may be the reason for it, so every session ends and every other link is void. It
 * signs nobody in: a second factor is asked for as ever.
 * @throws `link_invalid`
 */
export async function finishPasswordReset(
  ctx: Ctx,
  { token, password }: Input<typeof accountLinks.finishPasswordReset>,
): Promise<Record<never, never>> {
  // Asked before the password is hashed, so that strangers cannot make this work hard.
  const usable = await readToken(ctx.db, ctx, 'password_reset', token)
  if (usable === null) throw new AppError('link_invalid')
  const passwordHash = await hashPassword(password, ctx.rng.bytes(16))
  const watcher = await inTransaction(ctx.db, async (tx) => {
    const userId = (await spendToken(tx, ctx, 'password_reset', token))?.userId ?? null
    if (userId === null) throw new AppError('link_invalid')
    const [user] = await tx
      .update(users)
      .set({ passwordHash })
      .where(and(eq(users.id, userId), isNull(users.disabledAt)))
      .returning()
    if (user === undefined) throw new AppError('link_invalid')
    await endSessions(tx, userId, null)
    await audit(tx, ctx, {
      action: 'auth.password_reset',
      target: { type: 'user', id: userId },
      actor: { kind: 'user', id: userId, name: user.name },
    })
    const { permissions } = await readRights(tx, userId)
    return { id: userId, permissions }
  })
  await closeWatchers(ctx, watcher)
  return {}
}
