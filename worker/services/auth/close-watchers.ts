import { eq, inArray, or } from 'drizzle-orm'
import type { NodeId, UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import type { Queries } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { serverUsers } from '../../db/schema/rights.ts'
import { servers } from '../../db/schema/servers.ts'
import type { Deps } from '../context.ts'
import { tell } from '../tell.ts'

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
  await closeWatchersOn(deps, await nodesSeenBy(deps.db, person), person.id)
}

/** The same where the nodes are known: of the one server that it is about, or of what is gone by now. */
export async function closeWatchersOn(
  deps: Deps,
  nodeIds: readonly NodeId[],
  userId: UserId,
): Promise<void> {
  for (let from = 0; from < nodeIds.length; from += atOnce) {
    const some = nodeIds.slice(from, from + atOnce)
    await Promise.all(
      some.map((id) => tell(deps, 'close_watchers', () => deps.nodes.of(id).closeWatchers(userId))),
    )
  }
}

/** Nodes on which the account may have consoles open. */
export async function nodesSeenBy(db: Queries, person: Watcher): Promise<NodeId[]> {
  const rows = person.permissions.includes('console.read')
    ? await db.select({ id: nodes.id }).from(nodes)
    : await nodesOf(db, person.id)
  return rows.map(({ id }) => id)
}

/** Nodes with a server that is the account's, or shared with it. */
function nodesOf(db: Queries, userId: UserId) {
  const shared = db
    .select({ id: serverUsers.serverId })
    .from(serverUsers)
    .where(eq(serverUsers.userId, userId))
  return db
    .selectDistinct({ id: servers.nodeId })
    .from(servers)
    .where(or(eq(servers.ownerId, userId), inArray(servers.id, shared)))
}
