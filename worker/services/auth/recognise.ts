import { and, eq, gt, inArray, isNull, or, type SQLWrapper, sql } from 'drizzle-orm'
import { builtinRoles, type Permission } from '../../../contract/permissions.ts'
import { hashToken } from '../../crypto.ts'
import { sessions, users } from '../../db/schema/accounts.ts'
import { apiKeys, type RoleRow, roles, serverUsers, userRoles } from '../../db/schema/rights.ts'
import type { Caller, Deps, KeyScope, Person } from '../context.ts'

/**
 * Whether an account has a second factor of any kind, for a statement over `users`. Columns are written
 * out, since in a statement over one table they would lose the table's name.
 */
export const hasTwoFactor = sql<number>`(
  EXISTS (SELECT 1 FROM totp_secrets t WHERE t.user_id = users.id)
  OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = users.id))`

/** Who a session's token belongs to; `anonymous` when it is unknown or has expired. */
export async function findSession(deps: Deps, token: string): Promise<Caller> {
  const tokenHash = hashToken(token)
  const isIt = and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, deps.clock.now()))
  const holder = deps.db.select({ id: sessions.userId }).from(sessions).where(isIt)
  const [[user], held, shared, [session]] = await deps.db.batch([
    ...selectPerson(deps, holder),
    deps.db.select({ endsAt: sessions.expiresAt }).from(sessions).where(isIt),
  ])
  if (user === undefined || session === undefined) return anonymous
  return personOf({ user, held, shared, tokenHash, key: null, endsAt: session.endsAt })
}

/** What an API key opens, and the key's own row for what bounds its use. */
export async function findByApiKey(deps: Deps, token: string) {
  const tokenHash = hashToken(token)
  const isIt = and(
    eq(apiKeys.tokenHash, tokenHash),
    or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, deps.clock.now())),
  )
  const holder = deps.db.select({ id: apiKeys.userId }).from(apiKeys).where(isIt)
  const [[user], held, shared, [row]] = await deps.db.batch([
    ...selectPerson(deps, holder),
    deps.db.select().from(apiKeys).where(isIt),
  ])
  if (user === undefined || row === undefined) return null
  const { id, permissions, serverIds, expiresAt } = row
  const key: KeyScope = { id, permissions, serverIds }
  return { caller: personOf({ user, held, shared, tokenHash, key, endsAt: expiresAt }), row }
}

/** What a role gives: built-in ones have it from the contract. */
export function permissionsOf({
  builtin,
  permissions,
}: Pick<RoleRow, 'builtin' | 'permissions'>): readonly Permission[] {
  return builtin === null ? permissions : builtinRoles[builtin].permissions
}

/** What several roles give together. */
export function mergedPermissions(
  held: readonly Pick<RoleRow, 'builtin' | 'permissions'>[],
): readonly Permission[] {
  return [...new Set(held.flatMap(permissionsOf))]
}

const anonymous: Caller = { kind: 'anonymous' }

function selectPerson({ db }: Deps, holder: SQLWrapper) {
  return [
    db
      .select({
        id: users.id,
        email: users.email,
        name: users.name,
        createdAt: users.createdAt,
        hasTwoFactor,
      })
      .from(users)
      .where(and(inArray(users.id, holder), isNull(users.disabledAt))),
    db
      .select({
        id: roles.id,
        name: roles.name,
        builtin: roles.builtin,
        permissions: roles.permissions,
        requiresTwoFactor: roles.requiresTwoFactor,
      })
      .from(userRoles)
      .innerJoin(roles, eq(roles.id, userRoles.roleId))
      .where(inArray(userRoles.userId, holder)),
    db
      .select({ serverId: serverUsers.serverId, permissions: serverUsers.permissions })
      .from(serverUsers)
      .where(inArray(serverUsers.userId, holder)),
  ] as const
}

type Selected = ReturnType<typeof selectPerson>
interface Found {
  readonly user: Awaited<Selected[0]>[number]
  readonly held: Awaited<Selected[1]>
  readonly shared: Awaited<Selected[2]>
  readonly tokenHash: string
  readonly key: KeyScope | null
  readonly endsAt: number | null
}

function personOf({ user, held, shared, tokenHash, key, endsAt }: Found): Person {
  const { id, email, name, createdAt } = user
  return {
    kind: 'user',
    id,
    email,
    name,
    createdAt,
    roles: held.map(({ id: roleId, name: roleName, builtin }) => ({
      id: roleId,
      name: roleName,
      builtin,
    })),
    permissions: mergedPermissions(held),
    grants: new Map(shared.map(({ serverId, permissions }) => [serverId, permissions])),
    key,
    hasTwoFactor: user.hasTwoFactor === 1,
    mustSetUpTwoFactor:
      user.hasTwoFactor === 0 && held.some(({ requiresTwoFactor }) => requiresTwoFactor),
    tokenHash,
    endsAt,
  }
}
