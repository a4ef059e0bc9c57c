import { eq } from 'drizzle-orm'
import type { locations as endpoints } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { locations } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readLocation } from './list.ts'

export async function deleteLocation(
  ctx: Ctx,
  { locationId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await inTransaction(ctx.db, async (tx) => {
    const { name, nodeCount } = await readLocation(tx, locationId)
    if (nodeCount > 0) throw new AppError('in_use', { nodes: nodeCount })
    await tx.delete(locations).where(eq(locations.id, locationId))
    const target = { type: 'location', id: locationId } as const
    await audit(tx, ctx, { action: 'location.delete', target, before: { name } })
  })
  return {}
}
