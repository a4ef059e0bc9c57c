import { eq, inArray, or } from 'drizzle-orm'
import type { NodeId, UserId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
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
  const seen = await nodesSeenBy(deps, person)
  for (let from = 0; from < seen.length; from += atOnce) {
    const some = seen.slice(from, from + atOnce)
    await Promise.all(
      some.map((id) =>
        tell(deps, 'close_watchers', () => deps.nodes.of(id).closeWatchers(person.id)),
      ),
    )
  }
}

async function nodesSeenBy({ db }: Deps, person: Watcher): Promise<NodeId[]> {
  const rows = person.permissions.includes('console.read')
    ? await db.select({ id: nodes.id }).from(nodes)
    : await nodesOf(db, person.id)
  return rows.map(({ id }) => id)
}

/** Nodes with a server that is the account's, or shared with it. */
function nodesOf(db: Deps['db'], userId: UserId) {
  const shared = db
    .select({ id: serverUsers.serverId })
    .from(serverUsers)
    .where(eq(serverUsers.userId, userId))
  return db
    .selectDistinct({ id: servers.nodeId })
    .from(servers)
    .where(or(eq(servers.ownerId, userId), inArray(servers.id, shared)))
}
