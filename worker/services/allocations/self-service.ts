import { eq } from 'drizzle-orm'
import { mostAllocations } from '../../../contract/api/allocations.ts'
import { AppError } from '../../../contract/errors.ts'
import { everyIpv4 } from '../../../contract/rules/ports.ts'
import type { Queries } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { holds } from '../access.ts'
import type { Ctx } from '../context.ts'
import type { Wish } from './wishes.ts'

/** Whether the caller gives any port to any server; whoever has ports of own servers only serves themself. */
export function givesAnyPort({ caller }: Ctx): boolean {
  return holds(caller, 'allocation.create')
}

/** How many ports the caller may bring a server to. */
export function atMostFor(ctx: Ctx, { allocationLimit }: Pick<ServerRow, 'allocationLimit'>) {
  return givesAnyPort(ctx) ? mostAllocations : Math.min(allocationLimit, mostAllocations)
}

/**
 * Owners choose among what the node offers.
 * @throws `port_not_offered`
 */
export async function requireOffered(
  tx: Queries,
  ctx: Ctx,
  { nodeId }: Pick<ServerRow, 'nodeId'>,
  { ip, hostPort }: Wish,
): Promise<void> {
  if (givesAnyPort(ctx) || (ip === null && hostPort === null)) return
  const [node] = await tx.select().from(nodes).where(eq(nodes.id, nodeId))
  if (node === undefined) throw new AppError('not_found')
  const { portFrom, portTo } = node
  const isPort = hostPort === null || (hostPort >= portFrom && hostPort <= portTo)
  if (isPort && (ip === null || ip === everyIpv4)) return
  throw new AppError('port_not_offered', { portFrom, portTo })
}
