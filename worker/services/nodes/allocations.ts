import { asc, eq, getTableColumns } from 'drizzle-orm'
import type { Allocation, nodes as endpoints } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { allocations, servers } from '../../db/schema/servers.ts'
import type { Ctx } from '../context.ts'
import { readNode } from './present.ts'

export async function listAllocations(
  { db }: Ctx,
  { nodeId }: Input<typeof endpoints.allocations>,
): Promise<Allocation[]> {
  await readNode(db, nodeId)
  const { nodeId: _node, variable: _variable, ...shown } = getTableColumns(allocations)
  return db
    .select({ ...shown, serverName: servers.name })
    .from(allocations)
    .innerJoin(servers, eq(servers.id, allocations.serverId))
    .where(eq(allocations.nodeId, nodeId))
    .orderBy(asc(allocations.port), asc(allocations.protocol), asc(allocations.ip))
}
