import { asc, eq, getTableColumns } from 'drizzle-orm'
import type { Allocation } from '../../../contract/api/allocations.ts'
import type { nodes as endpoints } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Queries } from '../../db/client.ts'
import { allocations, servers } from '../../db/schema/servers.ts'
import type { Ctx } from '../context.ts'
import { readNode } from './present.ts'

export async function listAllocations(
  { db }: Ctx,
  { nodeId }: Input<typeof endpoints.allocations>,
): Promise<Allocation[]> {
  await readNode(db, nodeId)
  return selectAllocations(db)
    .where(eq(allocations.nodeId, nodeId))
    .orderBy(asc(allocations.port), asc(allocations.protocol), asc(allocations.ip))
}

/** Ports as an admin sees them, with whose they are. */
export function selectAllocations(db: Queries) {
  const { nodeId: _node, variable: _variable, ...shown } = getTableColumns(allocations)
  return db
    .select({ ...shown, serverName: servers.name })
    .from(allocations)
    .innerJoin(servers, eq(servers.id, allocations.serverId))
    .$dynamic()
}
