import { eq } from 'drizzle-orm'
import type { allocations as endpoints } from '../../../contract/api/allocations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { allocations } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { audited, changePorts, findPort, readPorts } from './change.ts'

/** @throws `primary_port` */
export async function deleteAllocation(
  ctx: Ctx,
  { serverId, allocation }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await changePorts(ctx, 'allocation.delete', serverId, async (tx) => {
    const row = findPort(await readPorts(tx, serverId), allocation)
    if (row.isPrimary) throw new AppError('primary_port')
    await tx.delete(allocations).where(eq(allocations.id, row.id))
    const target = { type: 'server', id: serverId } as const
    await audit(tx, ctx, { action: 'allocation.delete', target, before: audited(row) })
  })
  return {}
}
