import { eq } from 'drizzle-orm'
import type { users as endpoints, User } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { type UserRow, users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { dropMailedLinks, endSessions } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { isoOrNull } from '../iso.ts'
import { readUser } from './present.ts'
import { refuseOwn, requireAnAdmin, requireOver } from './roles.ts'

/**
 * A new password or disabling ends every session of the account; a new e-mail makes links void that went to
 * the old one; consoles that it has open close whatever changed.
 * @throws `not_found`, `exceeds_your_rights`, `email_taken`, `last_admin`, `forbidden` for a password of one's
 *   own, which `changePassword` sets by the old one
 */
export async function updateUser(
  ctx: Ctx,
  { userId, password, disabled, ...given }: Input<typeof endpoints.update>,
): Promise<User> {
  if (password !== undefined) refuseOwn(ctx.caller, userId)
  const hash = password === undefined ? null : await hashPassword(password, ctx.rng.bytes(16))
  const { permissions } = await inTransaction(ctx.db, async (tx) => {
    const [row] = await tx.select().from(users).where(eq(users.id, userId))
    if (row === undefined) throw new AppError('not_found')
    const held = await requireOver(tx, ctx.caller, userId)
    const { email, name } = row
    const changed = { ...row, ...withGiven({ email, name }, given) }
    changed.disabledAt = disabledAtOf(row, disabled, ctx.clock.now())
    changed.passwordHash = hash ?? row.passwordHash
    await refuseDuplicate(tx.update(users).set(changed).where(eq(users.id, userId)), 'email_taken')
    await requireAnAdmin(tx, held)
    if (hash !== null || changed.disabledAt !== null) await endSessions(tx, userId, null)
    if (changed.email !== email) await dropMailedLinks(tx, userId)
    const { before, after } = changesOf(audited(row), audited(changed))
    await audit(tx, ctx, {
      action: 'user.update',
      target: { type: 'user', id: userId },
      before,
      after: hash === null ? after : { ...after, password: 'set' },
    })
    return held
  })
  await closeWatchers(ctx, { id: userId, permissions })
  return readUser(ctx.db, userId)
}

function audited({ email, name, disabledAt }: UserRow) {
  return { email, name, disabledAt: isoOrNull(disabledAt) }
}

function disabledAtOf(row: UserRow, disabled: boolean | undefined, now: number): number | null {
  if (disabled === undefined) return row.disabledAt
  return disabled ? (row.disabledAt ?? now) : null
}
