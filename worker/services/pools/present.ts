import { asc, eq } from 'drizzle-orm'
import type { IpPool } from '../../../contract/api/pools.ts'
import { AppError } from '../../../contract/errors.ts'
import type { NodeId, PoolId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type IpPoolRow, ipPools } from '../../db/schema/fleet.ts'
import { allocations } from '../../db/schema/servers.ts'
import { addressesOf } from '../allocations/address.ts'
import { isIn } from '../allocations/offers.ts'

/** In the order in which they are taken from. */
export async function readPools(tx: Queries, nodeId: NodeId): Promise<IpPool[]> {
  const [pools, taken] = await Promise.all([
    tx
      .select()
      .from(ipPools)
      .where(eq(ipPools.nodeId, nodeId))
      .orderBy(asc(ipPools.cidr), asc(ipPools.portFrom)),
    tx
      .select({ ip: allocations.ip, port: allocations.port })
      .from(allocations)
      .where(eq(allocations.nodeId, nodeId)),
  ])
  return pools.map((pool) => ({
    ...pool,
    size: sizeOf(pool),
    used: taken.filter(({ ip, port }) => isIn(pool, ip, port)).length,
  }))
}

/** @throws `not_found` also for a pool of another node */
export async function readPool(tx: Queries, nodeId: NodeId, id: PoolId): Promise<IpPool> {
  const found = (await readPools(tx, nodeId)).find((pool) => pool.id === id)
  if (found === undefined) throw new AppError('not_found')
  return found
}

function sizeOf({ cidr, portFrom, portTo }: IpPoolRow): number {
  return Number(addressesOf(cidr).count) * (portTo - portFrom + 1)
}
