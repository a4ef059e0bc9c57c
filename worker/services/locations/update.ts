import { eq } from 'drizzle-orm'
import type { locations as endpoints, Location } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { locations } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readLocation } from './list.ts'

export async function updateLocation(
  ctx: Ctx,
  { locationId, ...given }: Input<typeof endpoints.update>,
): Promise<Location> {
  return inTransaction(ctx.db, async (tx) => {
    const before = await readLocation(tx, locationId)
    const { name = before.name, description = before.description } = given
    const change = tx
      .update(locations)
      .set({ name, description })
      .where(eq(locations.id, locationId))
    await refuseDuplicate(change, 'name_taken')
    await audit(tx, ctx, {
      action: 'location.update',
      target: { type: 'location', id: locationId },
      before: { name: before.name, description: before.description },
      after: { name, description },
    })
    return readLocation(tx, locationId)
  })
}
