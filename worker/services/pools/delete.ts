import { eq } from 'drizzle-orm'
import type { pools as endpoints } from '../../../contract/api/pools.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { ipPools } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readPool } from './present.ts'

export async function deletePool(
  ctx: Ctx,
  { nodeId, poolId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await inTransaction(ctx.db, async (tx) => {
    const { cidr, portFrom, portTo } = await readPool(tx, nodeId, poolId)
    await tx.delete(ipPools).where(eq(ipPools.id, poolId))
    const target = { type: 'node', id: nodeId } as const
    const before = { cidr, portFrom, portTo }
    await audit(tx, ctx, { action: 'pool.delete', target, before })
  })
  return {}
}
