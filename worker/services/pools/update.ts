import { eq } from 'drizzle-orm'
import type { pools as endpoints, IpPool } from '../../../contract/api/pools.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { ipPools } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { readPool } from './present.ts'
import { checkPublicPorts } from './public-ports.ts'

/** What servers have from it already stays as it was taken. */
export async function updatePool(
  ctx: Ctx,
  { nodeId, poolId, ...given }: Input<typeof endpoints.update>,
): Promise<IpPool> {
  return inTransaction(ctx.db, async (tx) => {
    const pool = await readPool(tx, nodeId, poolId)
    const before = settingsOf(pool)
    const after = withGiven(before, given)
    checkPublicPorts({ ...pool, ...after })
    await tx.update(ipPools).set(after).where(eq(ipPools.id, poolId))
    const { before: from, after: to } = changesOf(before, after)
    await audit(tx, ctx, {
      action: 'pool.update',
      target: { type: 'node', id: nodeId },
      before: { poolId, ...from },
      after: to,
    })
    return readPool(tx, nodeId, poolId)
  })
}

function settingsOf({ alias, publicHost, publicPortFrom, selfService }: IpPool) {
  return { alias, publicHost, publicPortFrom, selfService }
}
