import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { users as endpoints, User } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { RoleId, UserId } from '../../../contract/ids.ts'
import { builtinRoles } from '../../../contract/permissions.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { type RoleRow, roles, userRoles } from '../../db/schema/rights.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { mergedPermissions } from '../auth/recognise.ts'
import type { Caller, Ctx } from '../context.ts'
import { readUser } from './present.ts'
import { type HeldRights, readRights, requireHoldsAll, requireStillHolds } from './rights-now.ts'

/** Roles that a new account has when nobody says otherwise; whoever makes accounts may give these. */
export const rolesOfNewAccounts: readonly RoleId[] = [builtinRoles.user.id]

/**
 * The account's consoles close and come back as far as they still may.
 * @throws `not_found`, `exceeds_your_rights` for a role given or taken that holds more than the caller,
 *   `last_admin`
 */
export async function setUserRoles(
  ctx: Ctx,
  { userId, roleIds }: Input<typeof endpoints.setRoles>,
): Promise<User> {
  const { permissions } = await inTransaction(ctx.db, async (tx) => {
    const { roles: held } = await readUser(tx, userId)
    const rights = await requireOver(tx, ctx.caller, userId)
    const given = await readRoles(tx, roleIds)
    await requireHoldsAll(tx, ctx.caller, mergedPermissions(given))
    await tx.delete(userRoles).where(eq(userRoles.userId, userId))
    await giveRoles(tx, userId, roleIds)
    await requireAnAdmin(tx, rights)
    await audit(tx, ctx, {
      action: 'user.set_roles',
      target: { type: 'user', id: userId },
      before: { roles: held.map(({ name }) => name) },
      after: { roles: given.map(({ name }) => name).sort() },
    })
    return rights
  })
  await closeWatchers(ctx, { id: userId, permissions })
  return readUser(ctx.db, userId)
}

/** @throws `forbidden`, `exceeds_your_rights`, `invalid_input` for a role that is not there */
export async function requireMayGive(
  db: Queries,
  caller: Caller,
  roleIds: readonly RoleId[],
): Promise<RoleRow[]> {
  const given = await readRoles(db, roleIds)
  if (roleIds.every((id) => rolesOfNewAccounts.includes(id))) return given
  await requireStillHolds(db, caller, 'user.set_roles')
  await requireHoldsAll(db, caller, mergedPermissions(given))
  return given
}

export async function giveRoles(
  tx: Queries,
  userId: UserId,
  roleIds: readonly RoleId[],
): Promise<void> {
  if (roleIds.length === 0) return
  await tx.insert(userRoles).values(roleIds.map((roleId) => ({ userId, roleId })))
}

/**
 * Whoever changes an account could become it, so they must hold all that it holds. A key could leave its own
 * bounds by that, so it does not change the account that it belongs to.
 * @returns what its roles give it
 * @throws `exceeds_your_rights`, `forbidden`
 */
export async function requireOver(
  db: Queries,
  caller: Caller,
  userId: UserId,
): Promise<HeldRights> {
  if (caller.kind === 'user' && caller.key !== null && caller.id === userId) {
    throw new AppError('forbidden', undefined, 'An API key does not change its own account.')
  }
  const rights = await readRights(db, userId)
  await requireHoldsAll(db, caller, rights.permissions)
  return rights
}

/**
 * What one's own account page does only for who shows once more that the account is theirs. A stolen session
 * must not come around that by the page for all accounts.
 * @throws `forbidden`
 */
export function refuseOwn(caller: Caller, userId: UserId): void {
  if (caller.kind !== 'user' || caller.id !== userId) return
  throw new AppError('forbidden', undefined, 'Change this of your own on your account page.')
}

/**
 * Asked after a change, in its transaction: of two administrators that demote each other one stays.
 * @param before what the changed account was
 * @throws `last_admin`
 */
export async function requireAnAdmin(tx: Queries, before: HeldRights): Promise<void> {
  if (!before.isAdmin) return
  const [left] = await tx
    .select({ admins: count() })
    .from(userRoles)
    .innerJoin(users, eq(users.id, userRoles.userId))
    .where(and(eq(userRoles.roleId, builtinRoles.administrator.id), isNull(users.disabledAt)))
  if (left?.admins === 0) throw new AppError('last_admin')
}

async function readRoles(db: Queries, ids: readonly RoleId[]): Promise<RoleRow[]> {
  const found =
    ids.length === 0
      ? []
      : await db
          .select()
          .from(roles)
          .where(inArray(roles.id, [...ids]))
  if (found.length === ids.length) return found
  throw new AppError('invalid_input', [{ path: ['roleIds'], message: 'There is no such role.' }])
}
