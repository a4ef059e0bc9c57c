import { eq } from 'drizzle-orm'
import type { Node } from '../../../contract/api/nodes.ts'
import type { LocationId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { locations } from '../../db/schema/fleet.ts'
import { invalidField } from '../invalid.ts'

/** What an admin sets of a node. */
export type NodeSettings = Pick<
  Node,
  | 'name'
  | 'description'
  | 'locationId'
  | 'publicAddress'
  | 'maxMemoryMb'
  | 'maxCpuCores'
  | 'portFrom'
  | 'portTo'
>

export function settingsOf(node: NodeSettings): NodeSettings {
  const { name, description, locationId, publicAddress } = node
  const { maxMemoryMb, maxCpuCores, portFrom, portTo } = node
  return {
    name,
    description,
    locationId,
    publicAddress,
    maxMemoryMb,
    maxCpuCores,
    portFrom,
    portTo,
  }
}

/** @throws `invalid_input` for what no single field shows */
export async function checkSettings(tx: Queries, settings: NodeSettings): Promise<void> {
  if (settings.portFrom > settings.portTo) {
    throw invalidField('portTo', 'The last port is below the first one.')
  }
  await checkLocation(tx, settings.locationId)
}

async function checkLocation(tx: Queries, id: LocationId): Promise<void> {
  const found = await tx.select({ id: locations.id }).from(locations).where(eq(locations.id, id))
  if (found.length === 0) throw invalidField('locationId', 'There is no such location.')
}
