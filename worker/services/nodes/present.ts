import { asc, eq, sql } from 'drizzle-orm'
import type { Node, NodeStatus } from '../../../contract/api/nodes.ts'
import { AppError } from '../../../contract/errors.ts'
import type { NodeId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { locations, type NodeRow, nodes } from '../../db/schema/fleet.ts'
import { servers } from '../../db/schema/servers.ts'
import { iso, isoOrNull } from '../iso.ts'
import { isWellColumn, problemsOf } from './health.ts'

/** What a node is doing, from what its object told last. */
export function nodeStatus(
  node: Pick<NodeRow, 'enrolledAt' | 'online'> & { readonly isWell: boolean },
): NodeStatus {
  if (node.online) return node.isWell ? 'online' : 'degraded'
  return node.enrolledAt === null ? 'pending' : 'offline'
}

export async function readNodes(db: Queries): Promise<Node[]> {
  const rows = await select(db).orderBy(asc(nodes.name))
  return rows.map(toNode)
}

/** @throws `not_found` */
export async function readNode(db: Queries, id: NodeId): Promise<Node> {
  const [row] = await select(db).where(eq(nodes.id, id))
  if (row === undefined) throw new AppError('not_found')
  return toNode(row)
}

/** What `nodeStatus` needs of nodes, with their names. */
export function selectNodeStatus(db: Queries) {
  return db
    .select({
      id: nodes.id,
      name: nodes.name,
      online: nodes.online,
      enrolledAt: nodes.enrolledAt,
      offlineSince: nodes.offlineSince,
      isWell: isWellColumn,
    })
    .from(nodes)
    .$dynamic()
}

interface Joined {
  readonly node: NodeRow
  readonly locationName: string
  readonly serverCount: number
  readonly allocatedMemoryMb: number
  readonly allocatedCpuCores: number
  readonly allocatedDiskMb: number
}

/** Servers that are being deleted count until they are gone: so long their room is taken. */
function select(db: Queries) {
  return db
    .select({
      node: nodes,
      locationName: locations.name,
      serverCount: sql<number>`count(${servers.id})`,
      allocatedMemoryMb: sql<number>`coalesce(sum(${servers.allocatedMemoryMb}), 0)`,
      allocatedCpuCores: sql<number>`coalesce(sum(${servers.allocatedCpuCores}), 0)`,
      allocatedDiskMb: sql<number>`coalesce(sum(${servers.allocatedDiskMb}), 0)`,
    })
    .from(nodes)
    .innerJoin(locations, eq(locations.id, nodes.locationId))
    .leftJoin(servers, eq(servers.nodeId, nodes.id))
    .groupBy(nodes.id)
    .$dynamic()
}

function toNode({ node, ...joined }: Joined): Node {
  return {
    id: node.id,
    name: node.name,
    description: node.description,
    locationId: node.locationId,
    locationName: joined.locationName,
    publicAddress: node.publicAddress,
    status: nodeStatus({ ...node, isWell: problemsOf(node).length === 0 }),
    problems: node.online ? problemsOf(node) : [],
    enrolled: node.enrolledAt !== null && node.publicKey !== null,
    lastSeenAt: isoOrNull(node.lastSeenAt),
    offlineSince: isoOrNull(node.offlineSince),
    offlineReason: node.offlineReason,
    alert: node.alert,
    agentVersion: node.agentVersion,
    host: node.host,
    runtime: node.runtime,
    maxMemoryMb: node.maxMemoryMb,
    maxCpuCores: node.maxCpuCores,
    maxDiskMb: node.maxDiskMb,
    memoryOvercommit: node.memoryOvercommit,
    cpuOvercommit: node.cpuOvercommit,
    diskOvercommit: node.diskOvercommit,
    tags: [...node.tags],
    maintenance: node.maintenance,
    portFrom: node.portFrom,
    portTo: node.portTo,
    serverCount: joined.serverCount,
    allocatedMemoryMb: joined.allocatedMemoryMb,
    allocatedCpuCores: joined.allocatedCpuCores,
    allocatedDiskMb: joined.allocatedDiskMb,
    createdAt: iso(node.createdAt),
  }
}
