import { asc, eq } from 'drizzle-orm'
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
  const { id, serverId, ip, port, containerPort, protocol, isPrimary } = allocations
  return db
    .select({
      id,
      serverId,
      serverName: servers.name,
      ip,
      port,
      containerPort,
      protocol,
      isPrimary,
    })
    .from(allocations)
    .innerJoin(servers, eq(servers.id, allocations.serverId))
    .where(eq(allocations.nodeId, nodeId))
    .orderBy(asc(port), asc(protocol))
}
