import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { LocationId, NodeId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type NodeRow, nodes } from '../../db/schema/fleet.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'
import { portsFit } from '../allocations/fits.ts'
import { readOffers } from '../allocations/offers.ts'
import { readTaken } from '../allocations/sources.ts'
import { readStillBound } from '../allocations/still-bound.ts'
import type { Wish } from '../allocations/wishes.ts'
import { invalidField } from '../invalid.ts'
import { type Candidate, freeRoom, type Room, rankNodes } from './room.ts'

/** What a new server asks of its node, beside room. */
export interface PlaceWish {
  /** Without it every enrolled node is looked at. */
  readonly nodeId: NodeId | undefined
  readonly locationId: LocationId | undefined
  /** It has to have all of these. */
  readonly tags: readonly string[]
  readonly wishes: readonly Wish[]
}

type Limits = Pick<ServerRow, 'allocatedMemoryMb' | 'allocatedCpuCores' | 'allocatedDiskMb'>

export function roomOf({ allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb }: Limits): Room {
  return { memoryMb: allocatedMemoryMb, cpuCores: allocatedCpuCores, diskMb: allocatedDiskMb }
}

/**
 * Finds the node for a new server, in the transaction that writes it, so that no other takes the room
 * meanwhile.
 * @throws `invalid_input` when there is no such node, `node_in_maintenance` when it is the one that was named,
 *   `no_node_fits`
 */
export async function placeServer(tx: Queries, wanted: Room, asked: PlaceWish): Promise<NodeId> {
  const { nodeId, locationId } = asked
  const where = and(
    nodeId === undefined ? isNotNull(nodes.publicKey) : eq(nodes.id, nodeId),
    locationId === undefined ? undefined : eq(nodes.locationId, locationId),
  )
  const all = await readCandidates(tx, where)
  if (nodeId !== undefined && all.length === 0) {
    throw invalidField('nodeId', 'There is no such node, or it is at another location.')
  }
  const candidates = all.filter(({ tags }) => asked.tags.every((tag) => tags.includes(tag)))
  const open = candidates.filter(({ maintenance }) => !maintenance)
  if (nodeId !== undefined && open.length < candidates.length) {
    throw new AppError('node_in_maintenance', { nodeId })
  }
  const ranked = rankNodes(open, wanted)
  const [best] = ranked
  if (best === undefined) throw noNodeFits(candidates)
  if (nodeId !== undefined) return nodeId
  for (const { id } of ranked) {
    const taken = await readTaken(tx, id, await readStillBound(tx, id))
    if (portsFit(await readOffers(tx, id), taken, asked.wishes)) return id
  }
  // None has the ports: whoever takes them on the best one says what is in the way.
  return best.id
}

/** @throws `no_node_fits` when the node has not so much left beside its other servers */
export async function requireRoom(
  tx: Queries,
  server: { readonly id: string; readonly nodeId: NodeId },
  wanted: Room,
): Promise<void> {
  const others = await readCandidates(tx, eq(nodes.id, server.nodeId), server.id)
  if (rankNodes(others, wanted).length === 0) throw noNodeFits(others)
}

async function readCandidates(
  tx: Queries,
  where: SQL | undefined,
  exceptServer = '',
): Promise<Candidate[]> {
  const rows = await tx
    .select({
      node: nodes,
      memoryMb: sql<number>`coalesce(sum(${servers.allocatedMemoryMb}), 0)`,
      cpuCores: sql<number>`coalesce(sum(${servers.allocatedCpuCores}), 0)`,
      diskMb: sql<number>`coalesce(sum(${servers.allocatedDiskMb}), 0)`,
    })
    .from(nodes)
    .leftJoin(servers, and(eq(servers.nodeId, nodes.id), sql`${servers.id} <> ${exceptServer}`))
    .where(where)
    .groupBy(nodes.id)
  return rows.map(({ node, ...taken }) => toCandidate(node, taken))
}

function toCandidate(node: NodeRow, taken: Room): Candidate {
  const { id, name, online, tags, maintenance, host } = node
  const limit = {
    memoryMb: times(node.maxMemoryMb ?? host?.memoryMb ?? null, node.memoryOvercommit),
    cpuCores: times(node.maxCpuCores, node.cpuOvercommit),
    diskMb: times(node.maxDiskMb ?? host?.diskMb ?? null, node.diskOvercommit),
  }
  return { id, name, online, tags, maintenance, limit, taken }
}

function times(limit: number | null, overcommit: number): number | null {
  return limit === null ? null : limit * overcommit
}

function noNodeFits(candidates: readonly Candidate[]): AppError {
  const finite = (value: number) => (Number.isFinite(value) ? value : null)
  const free = candidates.map((candidate) => {
    const room = freeRoom(candidate)
    return {
      nodeId: candidate.id,
      name: candidate.name,
      freeMemoryMb: finite(room.memoryMb),
      freeCpuCores: finite(room.cpuCores),
      freeDiskMb: finite(room.diskMb),
      maintenance: candidate.maintenance,
    }
  })
  return new AppError('no_node_fits', { nodes: free })
}
