import { and, eq } from 'drizzle-orm'
import type {
  allocations as endpoints,
  ServerAllocation,
} from '../../../contract/api/allocations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Queries } from '../../db/client.ts'
import { type AllocationRow, allocations } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { audited, changePorts, findPort, readPorts } from './change.ts'

export function makePrimary(
  ctx: Ctx,
  { serverId, allocationId, containerPort }: Input<typeof endpoints.makePrimary>,
): Promise<ServerAllocation[]> {
  return changePorts(ctx, 'allocation.update', serverId, async (tx) => {
    const own = await readPorts(tx, serverId)
    const next = findPort(own, allocationId ?? String(containerPort))
    const before = own.find(({ isPrimary }) => isPrimary)
    await setPrimary(tx, next)
    await audit(tx, ctx, {
      action: 'allocation.primary',
      target: { type: 'server', id: serverId },
      before: before === undefined ? null : audited(before),
      after: audited(next),
    })
  })
}

/** A server never has two, so the one before ends first. */
export async function setPrimary(
  tx: Queries,
  { id, serverId }: Pick<AllocationRow, 'id' | 'serverId'>,
): Promise<void> {
  const isPrimary = and(eq(allocations.serverId, serverId), eq(allocations.isPrimary, true))
  await tx.update(allocations).set({ isPrimary: false }).where(isPrimary)
  await tx.update(allocations).set({ isPrimary: true }).where(eq(allocations.id, id))
}
