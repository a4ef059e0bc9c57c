import { and, eq, sql } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { AllocationId, NodeId, ServerId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { type AllocationRow, allocations } from '../../db/schema/servers.ts'
import { type Ctx, newId } from '../context.ts'

const anyAddress = '0.0.0.0'
const lowestPort = 1024

export interface PortWish {
  readonly nodeId: NodeId
  readonly serverId: ServerId
  /** What the caller asked for. */
  readonly asked: number | undefined
  /** What the game usually has, if anything. */
  readonly usual: number | undefined
}

/**
 * Takes a server's first port, for TCP and UDP on every address of its node: the one that was asked for,
 * else the game's usual one, else the lowest free one of the node's range.
 * @throws `port_taken` when another has the one that was asked for, `no_free_port`
 */
export async function takePrimaryPort(
  tx: Queries,
  ctx: Ctx,
  wish: PortWish,
): Promise<AllocationRow[]> {
  const { nodeId, asked, usual } = wish
  if (asked !== undefined) {
    const taken = await take(tx, ctx, wish, asked)
    if (taken === null) throw new AppError('port_taken', { port: asked, nodeId })
    return taken
  }
  if (usual !== undefined && usual >= lowestPort) {
    const taken = await take(tx, ctx, wish, usual)
    if (taken !== null) return taken
  }
  const free = await lowestFreePort(tx, nodeId)
  const taken = free === null ? null : await take(tx, ctx, wish, free)
  if (taken === null) throw new AppError('no_free_port', { nodeId })
  return taken
}

/** Writes both rows, each by one statement that does nothing where another row is in the way. */
async function take(tx: Queries, ctx: Ctx, wish: PortWish, port: number) {
  const { nodeId, serverId } = wish
  const rows: AllocationRow[] = []
  for (const protocol of ['tcp', 'udp'] as const) {
    const id = newId<AllocationId>(ctx)
    // Any address conflicts with every address, so the port alone decides.
    const written = await tx.run(sql`
      INSERT INTO ${allocations} (id, node_id, server_id, ip, port, protocol, container_port, is_primary)
      SELECT ${id}, ${nodeId}, ${serverId}, ${anyAddress}, ${port}, ${protocol}, ${port}, 1
      WHERE NOT EXISTS (
        SELECT 1 FROM ${allocations}
        WHERE ${and(eq(allocations.nodeId, nodeId), eq(allocations.port, port), eq(allocations.protocol, protocol))}
      )`)
    if (written.rowsAffected > 0) {
      const row = { id, nodeId, serverId, port, protocol, containerPort: port }
      rows.push({ ...row, ip: anyAddress, isPrimary: true })
    }
  }
  if (rows.length === 2) return rows
  // Half a port is none: the other protocol belongs to somebody else.
  for (const { id } of rows) await tx.delete(allocations).where(eq(allocations.id, id))
  return null
}

/** The first port of the range, or one that follows a taken one: the lowest of these that is free. */
async function lowestFreePort(tx: Queries, nodeId: NodeId): Promise<number | null> {
  const [found] = await tx.all<{ port: number | null }>(sql`
    WITH node AS (SELECT port_from, port_to FROM ${nodes} WHERE id = ${nodeId}),
      taken AS (SELECT port FROM ${allocations} WHERE node_id = ${nodeId}),
      candidate AS (
        SELECT port_from AS port FROM node
        UNION SELECT taken.port + 1 FROM taken, node WHERE taken.port >= port_from AND taken.port < port_to
      )
    SELECT min(port) AS port FROM candidate WHERE port NOT IN (SELECT port FROM taken)`)
  return found?.port ?? null
}
