import { and, eq, isNull, ne } from 'drizzle-orm'
import type { RoleId, UserId } from '../../../contract/ids.ts'
import { builtinRoles } from '../../../contract/permissions.ts'
import type { Queries } from '../../db/client.ts'
import { type UserRow, users } from '../../db/schema/accounts.ts'
import { roles, userRoles } from '../../db/schema/rights.ts'
import type { OidcProviderRow } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import type { Watcher } from '../auth/close-watchers.ts'
import { mergedPermissions } from '../auth/recognise.ts'
import type { Ctx } from '../context.ts'
import { giveRoles } from '../users/roles.ts'
import { type Claims, rolesByClaims } from './claims.ts'

/**
 * Gives and takes the roles that the provider's rules name; whatever else the account has, it keeps. The last
 * administrator stays one, whatever the claims say: nobody could make another.
 * @returns what it could do before, when something was changed: then its consoles are to be closed
 */
export async function setClaimedRoles(
  tx: Queries,
  ctx: Ctx,
  { id, name }: Pick<UserRow, 'id' | 'name'>,
  provider: OidcProviderRow,
  claims: Claims,
): Promise<Watcher | null> {
  const { named, given } = rolesByClaims(provider.claimRules, claims)
  if (named.length === 0) return null
  const all = await tx.select().from(roles)
  const held = await heldBy(tx, id)
  const isLast = held.includes(administrator) && !(await hasOtherAdmin(tx, id))
  const after = all
    .map((role) => role.id)
    .filter((role) => {
      if (!named.includes(role) || (isLast && role === administrator)) return held.includes(role)
      return given.includes(role)
    })
  const before = all.map((role) => role.id).filter((role) => held.includes(role))
  if (String(before) === String(after)) return null
  await tx.delete(userRoles).where(eq(userRoles.userId, id))
  await giveRoles(tx, id, after)
  const namesOf = (ids: readonly RoleId[]) =>
    all.filter((role) => ids.includes(role.id)).map((role) => role.name)
  await audit(tx, ctx, {
    action: 'auth.set_roles',
    target: { type: 'user', id },
    before: { roles: namesOf(before) },
    after: { roles: namesOf(after), provider: provider.name },
    actor: { kind: 'user', id, name },
  })
  const could = mergedPermissions(all.filter((role) => held.includes(role.id)))
  return { id, permissions: could }
}

const administrator = builtinRoles.administrator.id

async function heldBy(db: Queries, userId: UserId): Promise<RoleId[]> {
  const rows = await db
    .select({ roleId: userRoles.roleId })
    .from(userRoles)
    .where(eq(userRoles.userId, userId))
  return rows.map(({ roleId }) => roleId)
}

async function hasOtherAdmin(db: Queries, userId: UserId): Promise<boolean> {
  const isOther = and(
    eq(userRoles.roleId, administrator),
    ne(userRoles.userId, userId),
    isNull(users.disabledAt),
  )
  const [other] = await db
    .select({ id: users.id })
    .from(userRoles)
    .innerJoin(users, eq(users.id, userRoles.userId))
    .where(isOther)
    .limit(1)
  return other !== undefined
}
