import { eq, inArray, or, type SQLWrapper } from 'drizzle-orm'
import type { NodeId, RoleId, UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import type { Queries } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { roles, serverUsers, userRoles } from '../../db/schema/rights.ts'
import { servers } from '../../db/schema/servers.ts'
import type { Deps } from '../context.ts'
import { tell } from '../tell.ts'
import { mergedPermissions } from './recognise.ts'

/** An account, with the rights that it had when its consoles were opened. */
export interface Watcher {
  readonly id: UserId
  readonly permissions: readonly Permission[]
}

/** Objects that are asked at the same time: a request may hold six connections. */
const atOnce = 5

/**
 * Closes an account's live consoles: what it may see has changed. Browsers that still may see them come
 * back by themselves.
 */
export async function closeWatchers(deps: Deps, person: Watcher): Promise<void> {
  await closeWatchersOn(deps, await nodesSeenBy(deps.db, person), [person.id])
}

/**
 * The same for all who have a role, whatever it was that let them in. Each node is asked once: a request reaches
 * only so many objects, and everybody may have the role.
 * @param before what the role gave until now
 */
export async function closeWatchersWith(
  deps: Deps,
  roleId: RoleId,
  before: readonly Permission[],
): Promise<void> {
  const { db } = deps
  const holders = () =>
    db.select({ id: userRoles.userId }).from(userRoles).where(eq(userRoles.roleId, roleId))
  const theirs = await db
    .selectDistinct({ builtin: roles.builtin, permissions: roles.permissions })
    .from(roles)
    .innerJoin(userRoles, eq(userRoles.roleId, roles.id))
    .where(inArray(userRoles.userId, holders()))
  const permissions = [...before, ...mergedPermissions(theirs)]
  const nodeIds = await nodesOpenTo(db, permissions, holders())
  await closeWatchersOn(
    deps,
    nodeIds,
    (await holders()).map(({ id }) => id),
  )
}

/** The same where the nodes are known: of the one server that it is about, or of what is gone by now. */
export async function closeWatchersOn(
  deps: Deps,
  nodeIds: readonly NodeId[],
  userIds: readonly UserId[],
): Promise<void> {
  if (userIds.length === 0) return
  for (let from = 0; from < nodeIds.length; from += atOnce) {
    const some = nodeIds.slice(from, from + atOnce)
    await Promise.all(
      some.map((id) =>
        tell(deps, 'close_watchers', () => deps.nodes.of(id).closeWatchers(userIds)),
      ),
    )
  }
}

/** Nodes on which the account may have consoles open. */
export function nodesSeenBy(db: Queries, { id, permissions }: Watcher): Promise<NodeId[]> {
  return nodesOpenTo(db, permissions, [id])
}

type Who = readonly UserId[] | SQLWrapper

async function nodesOpenTo(
  db: Queries,
  permissions: readonly Permission[],
  who: Who,
): Promise<NodeId[]> {
  const rows = permissions.includes('console.read')
    ? await db.select({ id: nodes.id }).from(nodes)
    : await nodesOf(db, who)
  return rows.map(({ id }) => id)
}

/** Nodes with a server that is theirs, or shared with them. */
function nodesOf(db: Queries, who: Who) {
  const shared = db
    .select({ id: serverUsers.serverId })
    .from(serverUsers)
    .where(inArray(serverUsers.userId, who))
  return db
    .selectDistinct({ id: servers.nodeId })
    .from(servers)
    .where(or(inArray(servers.ownerId, who), inArray(servers.id, shared)))
}
