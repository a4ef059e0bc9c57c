import { and, count, eq, isNull } from 'drizzle-orm'
import type { users as endpoints, User } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { rolePermissions } from '../../../contract/permissions.ts'
import { hashPassword } from '../../crypto.ts'
import { inTransaction, type Queries, refuseDuplicate } from '../../db/client.ts'
import { type UserRow, users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { endSessions } from '../auth/own-sessions.ts'
import { toUser } from '../auth/sessions.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'

/**
 * A new password or disabling ends every session of the account; consoles that it has open close whatever
 * changed.
 * @throws `not_found`, `email_taken`, `last_admin`
 */
export async function updateUser(
  ctx: Ctx,
  { userId, password, disabled, ...given }: Input<typeof endpoints.update>,
): Promise<User> {
  const hash = password === undefined ? null : await hashPassword(password, ctx.rng.bytes(16))
  const { before, after } = await inTransaction(ctx.db, async (tx) => {
    const row = await readUser(tx, userId)
    const { email, name, role } = row
    const changed = { ...row, ...withGiven({ email, name, role }, given) }
    changed.disabledAt = disabledAtOf(row, disabled, ctx.clock.now())
    changed.passwordHash = hash ?? row.passwordHash
    await refuseDuplicate(tx.update(users).set(changed).where(eq(users.id, userId)), 'email_taken')
    await requireAnAdmin(tx, row)
    if (hash !== null || changed.disabledAt !== null) await endSessions(tx, userId, null)
    const { before: from, after: to } = changesOf(toUser(row), toUser(changed))
    await audit(tx, ctx, {
      action: 'user.update',
      target: { type: 'user', id: userId },
      before: from,
      after: hash === null ? to : { ...to, password: 'set' },
    })
    return { before: row, after: changed }
  })
  await closeWatchers(ctx, { id: userId, permissions: rolePermissions(before.role) })
  return toUser(after)
}

/** @throws `not_found` */
export async function readUser(tx: Queries, id: UserId): Promise<UserRow> {
  const [row] = await tx.select().from(users).where(eq(users.id, id))
  if (row === undefined) throw new AppError('not_found')
  return row
}

/**
 * Asked after the change, in its transaction: of two administrators that demote each other one stays.
 * @param before the account as it was
 */
export async function requireAnAdmin(tx: Queries, before: UserRow): Promise<void> {
  if (before.role !== 'admin' || before.disabledAt !== null) return
  const [left] = await tx
    .select({ admins: count() })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.disabledAt)))
  if (left?.admins === 0) throw new AppError('last_admin')
}

function disabledAtOf(row: UserRow, disabled: boolean | undefined, now: number): number | null {
  if (disabled === undefined) return row.disabledAt
  return disabled ? (row.disabledAt ?? now) : null
}
