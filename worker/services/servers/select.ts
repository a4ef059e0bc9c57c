import { and, eq, sql } from 'drizzle-orm'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { allocations, servers, templates } from '../../db/schema/servers.ts'
import { isWellColumn } from '../nodes/health.ts'
import { deletionRuleColumn } from './timed-deletion.ts'

/** A server's status as the API shows it: see `statusOf`. */
export const statusColumn = sql<string>`CASE WHEN ${servers.removed} THEN 'deleting' WHEN ${servers.suspendedAt} IS NOT NULL THEN 'suspended' ELSE ${servers.state} END`

/** One row for each server with all that a list shows, in one statement however many there are. */
export function selectServers(db: Queries) {
  return db
    .select({
      server: servers,
      ownerName: users.name,
      templateName: templates.name,
      nodeName: nodes.name,
      nodeAddress: nodes.publicAddress,
      nodeOnline: nodes.online,
      nodeEnrolledAt: nodes.enrolledAt,
      nodeOfflineSince: nodes.offlineSince,
      isWell: isWellColumn,
      deletionRule: deletionRuleColumn,
      primary: allocations,
      // Of two with one container port the later wins where this is read: the primary one is the last.
      portBindings: sql<string>`(SELECT json_group_object(a.container_port, a.port) FROM (SELECT container_port, port FROM allocations WHERE server_id = ${servers.id} ORDER BY is_primary, id DESC) a)`,
    })
    .from(servers)
    .innerJoin(users, eq(users.id, servers.ownerId))
    .innerJoin(templates, eq(templates.id, servers.templateId))
    .innerJoin(nodes, eq(nodes.id, servers.nodeId))
    .leftJoin(
      allocations,
      and(eq(allocations.serverId, servers.id), eq(allocations.isPrimary, true)),
    )
    .$dynamic()
}

export type SelectedServer = Awaited<ReturnType<typeof selectServers>>[number]
