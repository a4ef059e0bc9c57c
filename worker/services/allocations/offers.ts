import { asc, eq } from 'drizzle-orm'
import type { allocations as endpoints, PortOffer } from '../../../contract/api/allocations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { NodeId } from '../../../contract/ids.ts'
import { everyIpv4 } from '../../../contract/rules/ports.ts'
import type { Queries } from '../../db/client.ts'
import { type IpPoolRow, ipPools, nodes } from '../../db/schema/fleet.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'
import { holdsAddress } from './address.ts'

/** What a node gives away: its own range on every IPv4 address, then its pools. */
export interface Offers {
  readonly own: Pick<IpPoolRow, 'cidr' | 'portFrom' | 'portTo'>
  readonly pools: readonly IpPoolRow[]
}

export async function readOffers(tx: Queries, nodeId: NodeId): Promise<Offers> {
  const { portFrom, portTo } = nodes
  const [[range], pools] = await Promise.all([
    tx.select({ portFrom, portTo }).from(nodes).where(eq(nodes.id, nodeId)),
    tx
      .select()
      .from(ipPools)
      .where(eq(ipPools.nodeId, nodeId))
      .orderBy(asc(ipPools.cidr), asc(ipPools.portFrom)),
  ])
  if (range === undefined) throw new AppError('not_found')
  return { own: { cidr: everyIpv4, ...range }, pools }
}

/** What owners may take from. */
export function selfServiceOf({ own, pools }: Offers) {
  return [own, ...pools.filter(({ selfService }) => selfService)]
}

/** Whether a place is in what is offered; a port that is not asked for is in all of it. */
export function isIn(
  { cidr, portFrom, portTo }: Offers['own'],
  ip: string,
  port: number | null,
): boolean {
  return holdsAddress(cidr, ip) && (port === null || (port >= portFrom && port <= portTo))
}

export async function listOffers(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.offers>,
): Promise<PortOffer[]> {
  const { nodeId } = await allow(ctx, 'allocation.create', serverId)
  const { own, pools } = await readOffers(ctx.db, nodeId)
  const offered = pools
    .filter(({ selfService }) => selfService)
    .map(({ cidr, portFrom, portTo, alias }) => ({ cidr, portFrom, portTo, alias }))
  return [{ ...own, alias: null }, ...offered]
}
