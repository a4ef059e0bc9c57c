import { eq } from 'drizzle-orm'
import type { Node } from '../../../contract/api/nodes.ts'
import type { LocationId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { locations } from '../../db/schema/fleet.ts'
import { invalidField } from '../invalid.ts'

/** What an admin sets of a node. */
const names = [
  'name',
  'description',
  'locationId',
  'publicAddress',
  'maxMemoryMb',
  'maxCpuCores',
  'maxDiskMb',
  'memoryOvercommit',
  'cpuOvercommit',
  'diskOvercommit',
  'tags',
  'maintenance',
  'portFrom',
  'portTo',
] as const satisfies readonly (keyof Node)[]
export type NodeSettings = Pick<Node, (typeof names)[number]>

export function settingsOf(node: Node): NodeSettings {
  const entries = names.map((name) => [name, node[name]] as const)
  return Object.fromEntries(entries) as NodeSettings // the very names of the type
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
