import { and, eq } from 'drizzle-orm'
import type { Allocation } from '../../../contract/api/allocations.ts'
import type { nodes as endpoints } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { type AllocationRow, allocations, servers } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { selectAllocations } from './allocations.ts'

/** Nothing of it concerns the node: it binds what it did before. */
export async function updateNodeAllocation(
  ctx: Ctx,
  { nodeId, allocationId, ...given }: Input<typeof endpoints.updateAllocation>,
): Promise<Allocation> {
  const isMeant = and(eq(allocations.id, allocationId), eq(allocations.nodeId, nodeId))
  return inTransaction(ctx.db, async (tx) => {
    const [row] = await tx.select().from(allocations).where(isMeant)
    if (row === undefined) throw new AppError('not_found')
    const before = shownOf(row)
    const after = withGiven(before, given)
    await tx.update(allocations).set(after).where(isMeant)
    // Its address changes, which whoever looks at it should hear of.
    const updatedAt = ctx.clock.now()
    await tx.update(servers).set({ updatedAt }).where(eq(servers.id, row.serverId))
    const { before: from, after: to } = changesOf(before, after)
    await audit(tx, ctx, {
      action: 'node.update_allocation',
      target: { type: 'server', id: row.serverId },
      before: { port: row.port, ...from },
      after: to,
    })
    const [changed] = await selectAllocations(tx).where(isMeant)
    if (changed === undefined) throw new AppError('not_found')
    return changed
  })
}

function shownOf({ notes, alias, publicHost, publicPort }: AllocationRow) {
  return { notes, alias, publicHost, publicPort }
}
