import type { locations as endpoints, Location } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { LocationId } from '../../../contract/ids.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { locations } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { readLocation } from './list.ts'

export async function createLocation(
  ctx: Ctx,
  { name, description = null }: Input<typeof endpoints.create>,
): Promise<Location> {
  const id = newId<LocationId>(ctx)
  return inTransaction(ctx.db, async (tx) => {
    const row = { id, name, description, createdAt: ctx.clock.now() }
    await refuseDuplicate(tx.insert(locations).values(row), 'name_taken')
    const after = { name, description }
    await audit(tx, ctx, { action: 'location.create', target: { type: 'location', id }, after })
    return readLocation(tx, id)
  })
}
