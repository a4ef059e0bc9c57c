import { eq, sql } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { AllocationId, NodeId, ServerId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type AllocationRow, allocations } from '../../db/schema/servers.ts'
import { type Ctx, newId } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { inTheWayOf, portTaken, takenBy } from './conflicts.ts'
import { firstFree } from './free-port.ts'
import { isIn, type Offers, readOffers } from './offers.ts'
import { readTaken, sourcesFor } from './sources.ts'
import { readStillBound, whoBinds } from './still-bound.ts'
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
  const [offers, bound] = await Promise.all([
    readOffers(tx, nodeId),
    readStillBound(tx, nodeId, serverId),
  ])
  const take = (ip: string, port: number) =>
    whoBinds(bound, { ip, port, protocol: wish.protocol }) === undefined
      ? write(tx, taker, {
          ...rowOf(ctx, taker, wish, ip, port),
          isPrimary,
          ...publicAs(offers, ip, port),
        })
      : null
  const ip = addressOf(wish)
  if (wish.hostPort !== null) {
    return (await take(ip, wish.hostPort)) ?? refuse(tx, ctx, taker, wish, ip, wish.hostPort)
  }
  const usual = wish.usualPort === null ? null : await take(ip, wish.usualPort)
  if (usual !== null) return usual
  const taken = await readTaken(tx, nodeId, bound)
  const free = firstFree(sourcesFor(offers, wish), wish.protocol, taken)
  if (free === null) throw new AppError('no_free_port', { nodeId, serverId })
  return (await take(free.ip, free.port)) ?? refuse(tx, ctx, taker, wish, free.ip, free.port)
}

/** What the pool says that players connect to. */
function publicAs({ pools }: Offers, ip: string, port: number) {
  const pool = pools.find((one) => isIn(one, ip, port))
  const from = pool?.publicPortFrom ?? null
  return {
    publicHost: pool?.publicHost ?? null,
    publicPort: pool === undefined || from === null ? null : from + port - pool.portFrom,
  }
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

function rowOf(ctx: Ctx, { nodeId, serverId }: Taker, wish: Wish, ip: string, port: number) {
  const { protocol, notes, alias, variable } = wish
  const id = newId<AllocationId>(ctx)
  const containerPort = wish.containerPort ?? port
  return { id, nodeId, serverId, ip, port, protocol, containerPort, notes, alias, variable }
}

/** One statement that looks for who is in the way, counts, and writes [S6]; null: it did not write. */
async function write(tx: Queries, { atMost }: Taker, row: AllocationRow) {
  const { nodeId, serverId } = row
  const written = await tx.run(sql`
    INSERT INTO ${allocations} (id, node_id, server_id, ip, port, protocol, container_port, is_primary, notes, alias, variable, public_host, public_port)
    SELECT ${row.id}, ${nodeId}, ${serverId}, ${row.ip}, ${row.port}, ${row.protocol}, ${row.containerPort},
      ${row.isPrimary ? 1 : 0}, ${row.notes}, ${row.alias}, ${row.variable}, ${row.publicHost}, ${row.publicPort}
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
  ip: string,
  port: number,
): Promise<never> {
  const { protocol, variable } = wish
  const socket = { ip, port, protocol }
  const taken = await takenBy(tx, ctx, nodeId, socket)
  if (taken !== null) throw taken
  const holder = whoBinds(await readStillBound(tx, nodeId, serverId), socket)
  if (holder !== undefined) {
    const sentence = (place: string) =>
      `The server “${holder.name}” has ${place} bound on this node until its next start.`
    throw portTaken(ctx, nodeId, socket, holder, sentence)
  }
  const own = await tx.select().from(allocations).where(eq(allocations.serverId, serverId))
  if (own.length >= atMost) throw new AppError('limit_reached', { limit: atMost })
  if (own.some((row) => row.variable !== null && row.variable === variable)) throw variableTaken()
  throw new Error('a port was refused for no reason')
}

export function variableTaken(): AppError {
  return invalidField('variable', 'Another port of the server sets this variable.')
}
