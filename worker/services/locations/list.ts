import { asc, count, eq } from 'drizzle-orm'
import type { Location } from '../../../contract/api/nodes.ts'
import { AppError } from '../../../contract/errors.ts'
import type { LocationId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { locations, nodes } from '../../db/schema/fleet.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'

export async function listLocations({ db }: Ctx): Promise<Location[]> {
  const rows = await select(db).orderBy(asc(locations.name))
  return rows.map(toLocation)
}

/** @throws `not_found` */
export async function readLocation(db: Queries, id: LocationId): Promise<Location> {
  const [row] = await select(db).where(eq(locations.id, id))
  if (row === undefined) throw new AppError('not_found')
  return toLocation(row)
}

function select(db: Queries) {
  const { id, name, description, createdAt } = locations
  return db
    .select({ id, name, description, createdAt, nodeCount: count(nodes.id) })
    .from(locations)
    .leftJoin(nodes, eq(nodes.locationId, locations.id))
    .groupBy(locations.id)
    .$dynamic()
}

function toLocation(row: Omit<Location, 'createdAt'> & { readonly createdAt: number }): Location {
  return { ...row, createdAt: iso(row.createdAt) }
}
