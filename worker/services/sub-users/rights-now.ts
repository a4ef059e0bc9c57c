import { and, eq, isNull } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId, UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { type KeyLimits, lacking, serverRights } from '../../../contract/rules/rights.ts'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { roles, serverUsers, userRoles } from '../../db/schema/rights.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { checkRight, rightsOn } from '../access.ts'
import { mergedPermissions } from '../auth/recognise.ts'
import type { Ctx } from '../context.ts'
import { readCurrent } from '../servers/current.ts'

/** A server in a transaction, with what the caller may do to it at this moment. */
export interface Judged {
  readonly server: ServerRow
  readonly rights: readonly Permission[]
}

/**
 * `allow` once more, in the transaction that hands rights out: between the two they may have been taken
 * away, and whoever lost them must not save them by giving them to somebody else.
 */
export async function allowNow(
  tx: Queries,
  ctx: Ctx,
  permission: Permission,
  serverId: ServerId,
): Promise<Judged> {
  const server = await readCurrent(tx, serverId)
  checkRight(ctx.caller, permission, server)
  const rights = await rightsNow(tx, ctx, server)
  if (!rights.includes(permission)) throw new AppError('forbidden')
  return { server, rights }
}

async function rightsNow(tx: Queries, { caller }: Ctx, server: ServerRow) {
  if (caller.kind !== 'user') return rightsOn(caller, server)
  return rightsOfAccount(tx, caller.id, server, caller.key)
}

/** What an account may do to a server at this moment; nothing when it is disabled or gone. */
export async function rightsOfAccount(
  db: Queries,
  userId: UserId,
  server: Pick<ServerRow, 'id' | 'ownerId'>,
  key: KeyLimits | null = null,
): Promise<readonly Permission[]> {
  const [[user], held, [shared]] = await Promise.all([
    db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, userId), isNull(users.disabledAt))),
    db
      .select({ builtin: roles.builtin, permissions: roles.permissions })
      .from(userRoles)
      .innerJoin(roles, eq(roles.id, userRoles.roleId))
      .where(eq(userRoles.userId, userId)),
    db
      .select({ permissions: serverUsers.permissions })
      .from(serverUsers)
      .where(and(eq(serverUsers.serverId, server.id), eq(serverUsers.userId, userId))),
  ])
  if (user === undefined) return []
  const grants = new Map(shared === undefined ? [] : [[server.id, shared.permissions] as const])
  return serverRights({ userId, roles: mergedPermissions(held), grants, key }, server)
}

/**
 * Nobody gives, changes or takes what they do not have on the server themselves.
 * @throws `exceeds_your_rights` with what is lacking
 */
export function requireWithin(rights: readonly Permission[], touched: readonly Permission[]): void {
  const missing = lacking(touched, rights)
  if (missing.length > 0) throw new AppError('exceeds_your_rights', { missing })
}
