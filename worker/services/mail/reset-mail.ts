import { and, eq, isNull, ne } from 'drizzle-orm'
import { linkPages } from '../../../contract/api/account-links.ts'
import { noPassword } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { type MailRow, mails } from '../../db/schema/panel.ts'
import { makeToken } from '../auth/one-time-tokens.ts'
import type { Deps } from '../context.ts'
import { sealContent } from './queue.ts'

/** How long a link to a new password is good, in milliseconds. */
export const resetLinkLastsMs = 3_600_000

/**
 * Finds out whether a link to a new password that was asked for is anybody's, and writes it. What it says is
 * kept with the mail, so that another attempt sends the same link.
 * @returns null when there is nobody to send it to; then the mail is gone
 */
export function writeResetMail(
  deps: Deps,
  { id, recipient }: Pick<MailRow, 'id' | 'recipient'>,
  panelUrl: string,
): Promise<string | null> {
  return inTransaction(deps.db, async (tx) => {
    const user = await findHolder(tx, recipient)
    if (user === undefined) {
      await tx.delete(mails).where(eq(mails.id, id))
      return null
    }
    const purpose = 'password_reset'
    const order = { purpose, userId: user.id, payload: null, lastsMs: resetLinkLastsMs } as const
    const { token, expiresAt } = await makeToken(tx, deps, order)
    const text = resetText(user.name, `${panelUrl}${linkPages.passwordReset}#${token}`)
    const body = sealContent(deps, id, { kind: 'text', text, until: expiresAt })
    await tx.update(mails).set({ body }).where(eq(mails.id, id))
    return text
  })
}

export function resetText(name: string, url: string): string {
  const lines = [
    `Hello ${name},`,
    'set a new password for your account here, within an hour:',
    url,
    'If nobody asked for it, leave it: nothing has changed.',
  ]
  return `${lines.join('\n\n')}\n`
}

/** Who has a password to forget: not who signs in elsewhere, and not who has yet to accept an invitation. */
async function findHolder(db: Queries, email: string) {
  const [user] = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(
      and(eq(users.email, email), isNull(users.disabledAt), ne(users.passwordHash, noPassword)),
    )
  return user
}
