import { and, eq, isNull } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { lacking, panelRights } from '../../../contract/rules/rights.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { roles, userRoles } from '../../db/schema/rights.ts'
import { factorsOf, heldBy } from '../access.ts'
import { mergedPermissions } from '../auth/recognise.ts'
import type { Caller } from '../context.ts'

/** What an account's roles make of it. */
export interface HeldRights {
  readonly permissions: readonly Permission[]
  readonly isAdmin: boolean
}

export async function readRights(db: Queries, userId: UserId): Promise<HeldRights> {
  const held = await db
    .select({ builtin: roles.builtin, permissions: roles.permissions })
    .from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId))
    .where(eq(userRoles.userId, userId))
  const permissions = mergedPermissions(held)
  return { permissions, isAdmin: held.some(({ builtin }) => builtin === 'administrator') }
}

/**
 * Nobody gives what they do not hold on the whole panel themselves. Asked in the transaction that hands rights
 * out: since the request was let in they may have been taken away, and whoever lost them must not save them by
 * giving them to somebody else.
 * @throws `exceeds_your_rights` with what is lacking
 */
export async function requireHoldsAll(
  tx: Queries,
  caller: Caller,
  given: readonly Permission[],
): Promise<void> {
  const missing = lacking(given, await heldNow(tx, caller))
  if (missing.length > 0) throw new AppError('exceeds_your_rights', { missing })
}

/** The same for a right that has to be held for it. @throws `forbidden` */
export async function requireStillHolds(
  tx: Queries,
  caller: Caller,
  permission: Permission,
): Promise<void> {
  if (!(await heldNow(tx, caller)).includes(permission)) throw new AppError('forbidden')
}

async function heldNow(tx: Queries, caller: Caller): Promise<readonly Permission[]> {
  if (caller.kind !== 'user') return heldBy(caller)
  const isIt = and(eq(users.id, caller.id), isNull(users.disabledAt))
  const [account] = await tx.select({ id: users.id }).from(users).where(isIt)
  if (account === undefined) return []
  const { permissions } = await readRights(tx, caller.id)
  return panelRights({ ...factorsOf(caller), roles: permissions })
}
