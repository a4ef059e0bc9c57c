import { eq, sql } from 'drizzle-orm'
import type { Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { servers, templates } from '../../db/schema/servers.ts'
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
      primaryPort: sql<
        number | null
      >`(SELECT a.port FROM allocations a WHERE a.server_id = ${servers.id} AND a.is_primary LIMIT 1)`,
      portBindings: sql<string>`(SELECT json_group_object(a.container_port, a.port) FROM allocations a WHERE a.server_id = ${servers.id})`,
    })
    .from(servers)
    .innerJoin(users, eq(users.id, servers.ownerId))
    .innerJoin(templates, eq(templates.id, servers.templateId))
    .innerJoin(nodes, eq(nodes.id, servers.nodeId))
    .$dynamic()
}

export type SelectedServer = Awaited<ReturnType<typeof selectServers>>[number]
