import { eq } from 'drizzle-orm'
import { AppError } from '../../contract/errors.ts'
import type { ServerId } from '../../contract/ids.ts'
import { ownerPermissions, type Permission, permissions } from '../../contract/permissions.ts'
import { type ServerRow, servers } from '../db/schema/servers.ts'
import type { Caller, Ctx } from './context.ts'

type OwnedAndSuspended = Pick<ServerRow, 'ownerId' | 'suspendedAt' | 'suspensionReason'>

/** Whether the caller holds a right on the whole panel. */
export function holds(caller: Caller, permission: Permission): boolean {
  return caller.kind !== 'anonymous' && caller.permissions.includes(permission)
}

/** What the caller may do to a server: rights on the whole panel, and those of an owner on their own. */
export function rightsOn(caller: Caller, server: Pick<ServerRow, 'ownerId'>): Permission[] {
  if (caller.kind === 'anonymous') return []
  const owned = caller.kind === 'user' && caller.id === server.ownerId ? ownerPermissions : []
  return [...new Set([...caller.permissions, ...owned])].filter(isAboutOneServer)
}

/** Rights on the whole panel that are used on one server. */
const oneServer: readonly Permission[] = ['server.resize', 'server.suspend']

function isAboutOneServer(name: Permission): boolean {
  return permissions[name].scope === 'server' || oneServer.includes(name)
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
  if (!rights.includes('server.read')) throw new AppError('not_found')
  if (!rights.includes(permission)) throw new AppError('forbidden')
  if (server.suspendedAt === null) return
  const { whileSuspended } = permissions[permission]
  if (whileSuspended === 'everyone') return
  if (whileSuspended === 'staff' && holds(caller, 'server.suspend')) return
  throw suspended(server.suspendedAt, server.suspensionReason)
}

/** The refusal of what does not go on a suspended server, with why it is suspended. */
export function suspended(at: number, reason: string | null): AppError {
  return new AppError('server_suspended', {
    suspendedAt: new Date(at).toISOString(),
    suspensionReason: reason,
  })
}
