import { and, eq, gte, lte, sql } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { AllocationId, NodeId, ServerId } from '../../../contract/ids.ts'
import type { HostSocket } from '../../../contract/rules/ports.ts'
import type { Queries } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { type AllocationRow, allocations } from '../../db/schema/servers.ts'
import { type Ctx, newId } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { inTheWayOf, takenBy } from './conflicts.ts'
import { lowestFree } from './free-port.ts'
import { addressOf, type Wish } from './wishes.ts'

export interface Taker {
  readonly nodeId: NodeId
  readonly serverId: ServerId
  /** How many the server may have with this one. */
  readonly atMost: number
}

/**
 * Takes a port for a server: the one that is asked for, else its usual one, else the lowest free one.
 * @throws `port_taken` with who has it, `no_free_port`, `limit_reached`, `invalid_input` for a variable that
 *   another port of the server sets
 */
export async function takePort(
  tx: Queries,
  ctx: Ctx,
  taker: Taker,
  wish: Wish,
  isPrimary: boolean,
): Promise<AllocationRow> {
  const { nodeId, serverId } = taker
  const take = (port: number) => write(tx, taker, rowOf(ctx, taker, wish, port, isPrimary))
  if (wish.hostPort !== null) {
    const row = await take(wish.hostPort)
    return row ?? refuse(tx, ctx, taker, wish, wish.hostPort)
  }
  const usual = wish.usualPort === null ? null : await take(wish.usualPort)
  if (usual !== null) return usual
  const free = await freePort(tx, nodeId, { ip: addressOf(wish), protocol: wish.protocol })
  if (free === null) throw new AppError('no_free_port', { nodeId, serverId })
  return (await take(free)) ?? refuse(tx, ctx, taker, wish, free)
}

/**
 * Takes several ports; the first is primary. Those that are named come first, or a chosen one could be one of
 * them.
 * @throws what `takePort` throws
 */
export async function takePorts(
  tx: Queries,
  ctx: Ctx,
  taker: Taker,
  wishes: readonly Wish[],
): Promise<AllocationRow[]> {
  const rows: AllocationRow[] = []
  for (const wish of wishes.toSorted((one, other) => rank(one) - rank(other))) {
    rows.push(await takePort(tx, ctx, taker, wish, wish === wishes[0]))
  }
  return rows
}

function rank({ hostPort }: Wish): number {
  return hostPort === null ? 1 : 0
}

function rowOf(
  ctx: Ctx,
  { nodeId, serverId }: Taker,
  wish: Wish,
  port: number,
  isPrimary: boolean,
): AllocationRow {
  const { protocol, notes, alias, variable } = wish
  return {
    id: newId<AllocationId>(ctx),
    nodeId,
    serverId,
    ip: addressOf(wish),
    port,
    protocol,
    containerPort: wish.containerPort ?? port,
    isPrimary,
    notes,
    alias,
    variable,
    publicHost: null,
    publicPort: null,
  }
}

/** One statement that looks for who is in the way, counts, and writes [S6]; null: it did not write. */
async function write(tx: Queries, { atMost }: Taker, row: AllocationRow) {
  const { nodeId, serverId } = row
  const written = await tx.run(sql`
    INSERT INTO ${allocations} (id, node_id, server_id, ip, port, protocol, container_port, is_primary, notes, alias, variable)
    SELECT ${row.id}, ${nodeId}, ${serverId}, ${row.ip}, ${row.port}, ${row.protocol}, ${row.containerPort},
      ${row.isPrimary ? 1 : 0}, ${row.notes}, ${row.alias}, ${row.variable}
    WHERE NOT EXISTS (SELECT 1 FROM ${allocations} WHERE ${inTheWayOf(nodeId, row)})
      AND NOT EXISTS (SELECT 1 FROM allocations a WHERE a.server_id = ${serverId} AND a.variable = ${row.variable})
      AND (SELECT count(*) FROM allocations a WHERE a.server_id = ${serverId}) < ${atMost}`)
  return written.rowsAffected > 0 ? row : null
}

/** Says why nothing was written. */
async function refuse(
  tx: Queries,
  ctx: Ctx,
  { nodeId, serverId, atMost }: Taker,
  wish: Wish,
  port: number,
): Promise<never> {
  const { protocol, variable } = wish
  const taken = await takenBy(tx, ctx, nodeId, { ip: addressOf(wish), port, protocol })
  if (taken !== null) throw taken
  const own = await tx.select().from(allocations).where(eq(allocations.serverId, serverId))
  if (own.length >= atMost) throw new AppError('limit_reached', { limit: atMost })
  if (own.some((row) => row.variable !== null && row.variable === variable)) throw variableTaken()
  throw new Error('a port was refused for no reason')
}

export function variableTaken(): AppError {
  return invalidField('variable', 'Another port of the server sets this variable.')
}

async function freePort(
  tx: Queries,
  nodeId: NodeId,
  on: Omit<HostSocket, 'port'>,
): Promise<number | null> {
  const { portFrom, portTo } = nodes
  const [range] = await tx.select({ portFrom, portTo }).from(nodes).where(eq(nodes.id, nodeId))
  if (range === undefined) throw new AppError('not_found')
  const { ip, port, protocol } = allocations
  const taken = await tx
    .select({ ip, port, protocol })
    .from(allocations)
    .where(
      and(
        eq(allocations.nodeId, nodeId),
        gte(allocations.port, range.portFrom),
        lte(allocations.port, range.portTo),
      ),
    )
  return lowestFree(range, on, taken)
}
