import { asc } from 'drizzle-orm'
import type { LocationId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { locations } from '../../db/schema/fleet.ts'
import { type Ctx, newId } from '../context.ts'

/** The oldest location; where there is none, `Default` is made. */
export async function firstLocation(tx: Queries, ctx: Ctx): Promise<LocationId> {
  const [oldest] = await tx
    .select({ id: locations.id })
    .from(locations)
    .orderBy(asc(locations.createdAt), asc(locations.id))
    .limit(1)
  if (oldest !== undefined) return oldest.id
  const id = newId<LocationId>(ctx)
  await tx.insert(locations).values({ id, name: 'Default', createdAt: ctx.clock.now() })
  return id
}
