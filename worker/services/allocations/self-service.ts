import { mostAllocations } from '../../../contract/api/allocations.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Queries } from '../../db/client.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { holds } from '../access.ts'
import type { Ctx } from '../context.ts'
import { isIn, readOffers, selfServiceOf } from './offers.ts'
import { addressOf, type Wish } from './wishes.ts'

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
  wish: Wish,
): Promise<void> {
  if (givesAnyPort(ctx) || (wish.ip === null && wish.hostPort === null)) return
  const offered = selfServiceOf(await readOffers(tx, nodeId))
  if (offered.some((one) => isIn(one, addressOf(wish), wish.hostPort))) return
  const ranges = offered.map(({ cidr, portFrom, portTo }) => ({ cidr, portFrom, portTo }))
  throw new AppError('port_not_offered', { offered: ranges })
}
