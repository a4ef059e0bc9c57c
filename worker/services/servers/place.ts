import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { NodeId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type NodeRow, nodes } from '../../db/schema/fleet.ts'
import { servers } from '../../db/schema/servers.ts'
import { invalidField } from '../invalid.ts'

export interface Room {
  readonly memoryMb: number
  readonly cpuCores: number
}

export interface Candidate {
  readonly id: NodeId
  readonly name: string
  readonly online: boolean
  /** Null: not limited. */
  readonly limit: { readonly memoryMb: number | null; readonly cpuCores: number | null }
  readonly taken: Room
}

/** What a node has left; without a limit it never ends. */
export function freeRoom({ limit, taken }: Candidate): Room {
  return {
    memoryMb: (limit.memoryMb ?? Infinity) - taken.memoryMb,
    cpuCores: (limit.cpuCores ?? Infinity) - taken.cpuCores,
  }
}

/** The node for a new server: one that is online, and of these the one with the most free memory. */
export function chooseNode(candidates: readonly Candidate[], wanted: Room): Candidate | null {
  const [best] = candidates
    .filter((candidate) => fits(candidate, wanted))
    .sort(
      (one, other) =>
        Number(other.online) - Number(one.online) ||
        // Two without a limit differ by nothing, which subtracting infinities would not say.
        compare(freeRoom(other).memoryMb, freeRoom(one).memoryMb),
    )
  return best ?? null
}

/**
 * Finds the node for a new server, in the transaction that writes it, so that no other takes the room
 * meanwhile.
 * @param asked the node that was named; without one, every enrolled node is looked at
 * @throws `invalid_input` when there is no such node, `no_node_fits`
 */
export async function placeServer(
  tx: Queries,
  wanted: Room,
  asked: NodeId | undefined,
): Promise<NodeId> {
  const where = asked === undefined ? isNotNull(nodes.publicKey) : eq(nodes.id, asked)
  const candidates = await readCandidates(tx, where)
  if (asked !== undefined && candidates.length === 0) {
    throw invalidField('nodeId', 'There is no such node.')
  }
  const chosen = chooseNode(candidates, wanted)
  if (chosen === null) throw noNodeFits(candidates)
  return chosen.id
}

/** @throws `no_node_fits` when the node has not so much left beside its other servers */
export async function requireRoom(
  tx: Queries,
  server: { readonly id: string; readonly nodeId: NodeId },
  wanted: Room,
): Promise<void> {
  const others = await readCandidates(tx, eq(nodes.id, server.nodeId), server.id)
  if (chooseNode(others, wanted) === null) throw noNodeFits(others)
}

async function readCandidates(
  tx: Queries,
  where: ReturnType<typeof eq>,
  exceptServer = '',
): Promise<Candidate[]> {
  const rows = await tx
    .select({
      node: nodes,
      memoryMb: sql<number>`coalesce(sum(${servers.allocatedMemoryMb}), 0)`,
      cpuCores: sql<number>`coalesce(sum(${servers.allocatedCpuCores}), 0)`,
    })
    .from(nodes)
    .leftJoin(servers, and(eq(servers.nodeId, nodes.id), sql`${servers.id} <> ${exceptServer}`))
    .where(where)
    .groupBy(nodes.id)
  return rows.map(({ node, ...taken }) => toCandidate(node, taken))
}

function toCandidate(node: NodeRow, taken: Room): Candidate {
  const { id, name, online } = node
  const limit = {
    memoryMb: node.maxMemoryMb ?? node.host?.memoryMb ?? null,
    cpuCores: node.maxCpuCores,
  }
  return { id, name, online, limit, taken }
}

function fits(candidate: Candidate, wanted: Room): boolean {
  const free = freeRoom(candidate)
  // Cores are fractions: sums of them carry a rounding error.
  return free.memoryMb >= wanted.memoryMb && free.cpuCores + 1e-9 >= wanted.cpuCores
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1
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
    }
  })
  return new AppError('no_node_fits', { nodes: free })
}
