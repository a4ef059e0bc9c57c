import { eq } from 'drizzle-orm'
import { AppError } from '../../contract/errors.ts'
import type { ServerId } from '../../contract/ids.ts'
import type { Permission } from '../../contract/permissions.ts'
import {
  holdsWhileSuspended,
  isAboutOneServer,
  panelRights,
  type RightsFactors,
  serverRights,
} from '../../contract/rules/rights.ts'
import { type ServerRow, servers } from '../db/schema/servers.ts'
import type { Caller, Ctx, Person } from './context.ts'

type Owned = Pick<ServerRow, 'id' | 'ownerId'>
type OwnedAndSuspended = Pick<ServerRow, 'id' | 'ownerId' | 'suspendedAt' | 'suspensionReason'>

/** All that the caller holds on the whole panel. */
export function heldBy(caller: Caller): readonly Permission[] {
  if (caller.kind === 'anonymous') return []
  return caller.kind === 'user' ? panelRights(factorsOf(caller)) : caller.permissions
}

/** Whether the caller holds a right on the whole panel. */
export function holds(caller: Caller, permission: Permission): boolean {
  return heldBy(caller).includes(permission)
}

/** What the caller may do to a server: by roles, as its owner or as a sub-user, as far as their key goes. */
export function rightsOn(caller: Caller, server: Owned): readonly Permission[] {
  if (caller.kind === 'user') return serverRights(factorsOf(caller), server)
  return heldBy(caller).filter(isAboutOneServer)
}

export function factorsOf({ id, permissions: roles, grants, key }: Person): RightsFactors {
  return { userId: id, roles, grants, key }
}

/** @throws `forbidden` */
export function requireHolds(caller: Caller, permission: Permission): void {
  if (!holds(caller, permission)) throw new AppError('forbidden')
}

/**
 * Loads a server for a caller who needs `permission` on it.
 * @throws `not_found` to those who may not know that it exists, `forbidden` to those who may see it,
 *   `server_suspended` where the permission does not hold on a suspended server
 */
export async function allow(
  ctx: Ctx,
  permission: Permission,
  serverId: ServerId,
): Promise<ServerRow> {
  const [server] = await ctx.db.select().from(servers).where(eq(servers.id, serverId))
  if (server === undefined) throw new AppError('not_found')
  checkRight(ctx.caller, permission, server)
  return server
}

/** The decision behind `allow`, for a server that was loaded already. */
export function checkRight(
  caller: Caller,
  permission: Permission,
  server: OwnedAndSuspended,
): void {
  const rights = rightsOn(caller, server)
  // Whoever has any right on a server may know that it exists.
  if (rights.length === 0) throw new AppError('not_found')
  if (!rights.includes(permission)) throw new AppError('forbidden')
  if (server.suspendedAt === null) return
  if (holdsWhileSuspended(permission, holds(caller, 'server.suspend'))) return
  throw suspended(server.suspendedAt, server.suspensionReason)
}

/** The refusal of what does not go on a suspended server, with why it is suspended. */
export function suspended(at: number, reason: string | null): AppError {
  return new AppError('server_suspended', {
    suspendedAt: new Date(at).toISOString(),
    suspensionReason: reason,
  })
}
