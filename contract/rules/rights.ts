import type { ServerId } from '../ids.ts'
import { ownerPermissions, type Permission, permissions } from '../permissions.ts'

/** Everything that decides what an account may do. */
export interface RightsFactors {
  readonly userId: string
  /** What its roles give it, on the whole panel and on every server. */
  readonly roles: readonly Permission[]
  /** What single servers are shared with it for. */
  readonly grants: ReadonlyMap<ServerId, readonly Permission[]>
  /** What the API key in use leaves of it all; null: no key is in use. */
  readonly key: KeyLimits | null
}

export interface KeyLimits {
  readonly permissions: readonly Permission[]
  /** The only servers that it opens, and nothing of the panel; null: no limit. */
  readonly serverIds: readonly ServerId[] | null
}

export interface OwnedServer {
  readonly id: ServerId
  readonly ownerId: string
}

/** Rights on the whole panel that are used on one server. */
const usedOnOneServer: readonly Permission[] = ['server.resize', 'server.suspend']

/** Whether a right can be used on a single server. */
export function isAboutOneServer(name: Permission): boolean {
  return permissions[name].scope === 'server' || usedOnOneServer.includes(name)
}

/**
 * Whether a suspended server leaves a right to whoever holds it.
 * @param isStaff whether they may suspend servers
 */
export function holdsWhileSuspended(name: Permission, isStaff: boolean): boolean {
  const { whileSuspended } = permissions[name]
  return whileSuspended === 'everyone' || (whileSuspended === 'staff' && isStaff)
}

/** Rights on the whole panel: those of the roles, and of them what the key leaves. */
export function panelRights({ roles, key }: RightsFactors): readonly Permission[] {
  if (key === null) return roles
  if (key.serverIds !== null) return []
  return roles.filter((name) => key.permissions.includes(name))
}

/** Rights on one server: those of roles, owner or sub-user together, and of them what the key leaves. */
export function serverRights(factors: RightsFactors, server: OwnedServer): readonly Permission[] {
  const { userId, roles, grants, key } = factors
  if (key?.serverIds && !key.serverIds.includes(server.id)) return []
  const own = server.ownerId === userId ? ownerPermissions : (grants.get(server.id) ?? [])
  const all = [...new Set([...roles, ...own])].filter(isAboutOneServer)
  return key === null ? all : all.filter((name) => key.permissions.includes(name))
}

/**
 * All that an account could use anywhere: on servers that are its own, or will be, it may do whatever owners
 * may. An API key of its holds nothing else.
 * @param shared what single servers are shared with it for
 */
export function usableRights(
  roles: readonly Permission[],
  shared: Iterable<readonly Permission[]>,
): readonly Permission[] {
  return [...new Set([...roles, ...ownerPermissions, ...[...shared].flat()])]
}

/** What somebody would hand out without having it: nobody grants what they lack. */
export function lacking(
  granted: readonly Permission[],
  held: readonly Permission[],
): readonly Permission[] {
  return granted.filter((name) => !held.includes(name))
}
