import { and, eq, inArray, ne, type SQL } from 'drizzle-orm'
import type { NodeId, ServerId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { operations } from '../../db/schema/activity.ts'
import { allocations, servers } from '../../db/schema/servers.ts'
import { openStates } from '../operations/states.ts'

/**
 * The statements that let go of a server whose deletion was asked for, once its node has nothing of it:
 * its ports are free, its deletion has succeeded, and what else was asked of it is pointless.
 * @param condition what else has to hold
 */
export function goneStatements(
  db: Queries,
  nodeId: NodeId,
  serverId: ServerId,
  now: number,
  condition?: SQL,
) {
  const doomed = db
    .select({ id: servers.id })
    .from(servers)
    .where(
      and(
        eq(servers.id, serverId),
        eq(servers.nodeId, nodeId),
        eq(servers.removed, true),
        condition,
      ),
    )
  const open = and(inArray(operations.serverId, doomed), inArray(operations.state, openStates))
  return [
    db
      .update(operations)
      .set({ state: 'succeeded', endedAt: now, message: 'Deleted' })
      .where(and(open, eq(operations.kind, 'server.delete'))),
    db
      .update(operations)
      .set({ state: 'superseded', endedAt: now, message: 'The server was deleted.' })
      .where(and(open, ne(operations.kind, 'server.delete'))),
    db.delete(allocations).where(inArray(allocations.serverId, doomed)),
    db.delete(servers).where(inArray(servers.id, doomed)),
  ] as const
}
