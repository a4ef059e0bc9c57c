import { eq } from 'drizzle-orm'
import type { NodeId } from '../../../contract/ids.ts'
import type { HostSocket } from '../../../contract/rules/ports.ts'
import type { Queries } from '../../db/client.ts'
import { allocations } from '../../db/schema/servers.ts'
import { holdsAddress } from './address.ts'
import type { PortSource } from './free-port.ts'
import { type Offers, selfServiceOf } from './offers.ts'
import type { StillBound } from './still-bound.ts'
import type { Wish } from './wishes.ts'

/** Where a free port is looked for: on the address that is asked for, else in what is there for everybody. */
export function sourcesFor(offers: Offers, { ip }: Wish): readonly PortSource[] {
  if (ip === null) return selfServiceOf(offers)
  const pools = offers.pools.filter(({ cidr }) => holdsAddress(cidr, ip))
  // Of an address that no pool holds the node's own range is as good as any.
  return [...pools, offers.own].map((source) => ({ ...source, cidr: ip }))
}

/** Ports that servers have, and those that engines have still bound. */
export async function readTaken(
  tx: Queries,
  nodeId: NodeId,
  bound: readonly StillBound[],
): Promise<HostSocket[]> {
  const { ip, port, protocol } = allocations
  const given = await tx
    .select({ ip, port, protocol })
    .from(allocations)
    .where(eq(allocations.nodeId, nodeId))
  return [...given, ...bound.flatMap(({ sockets }) => sockets)]
}
