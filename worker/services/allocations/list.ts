import { asc, desc, eq } from 'drizzle-orm'
import type {
  allocations as endpoints,
  ServerAllocation,
} from '../../../contract/api/allocations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Queries } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { allocations, type ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'
import { toAllocation } from './present.ts'

export async function listServerAllocations(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.list>,
): Promise<ServerAllocation[]> {
  return readAllocations(ctx.db, await allow(ctx, 'allocation.read', serverId))
}

/** The primary one first, the others by port. */
export async function readAllocations(db: Queries, server: ServerRow): Promise<ServerAllocation[]> {
  const rows = await db
    .select({ allocation: allocations, nodeAddress: nodes.publicAddress })
    .from(allocations)
    .innerJoin(nodes, eq(nodes.id, allocations.nodeId))
    .where(eq(allocations.serverId, server.id))
    .orderBy(desc(allocations.isPrimary), asc(allocations.port), asc(allocations.ip))
  return rows.map(({ allocation, nodeAddress }) => toAllocation(allocation, server, nodeAddress))
}
