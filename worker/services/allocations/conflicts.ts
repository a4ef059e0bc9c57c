import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { NodeId } from '../../../contract/ids.ts'
import {
  everyAddress,
  everyIpv4,
  type HostSocket,
  isIpv6,
  socketText,
} from '../../../contract/rules/ports.ts'
import type { Queries } from '../../db/client.ts'
import { allocations, type ServerRow, servers } from '../../db/schema/servers.ts'
import { rightsOn } from '../access.ts'
import type { Ctx } from '../context.ts'

/** `socketsConflict` as a condition on rows: those that stand in the way of a place at a node. */
export function inTheWayOf(nodeId: NodeId, { ip, port, protocol }: HostSocket): SQL | undefined {
  return and(
    eq(allocations.nodeId, nodeId),
    eq(allocations.port, port),
    protocol === 'both' ? undefined : inArray(allocations.protocol, [protocol, 'both']),
    addressCondition(ip),
  )
}

function addressCondition(ip: string): SQL | undefined {
  if (ip === everyAddress) return undefined
  if (ip === everyIpv4) {
    return or(eq(allocations.ip, everyAddress), sql`instr(${allocations.ip}, ':') = 0`)
  }
  const alike = isIpv6(ip) ? [ip, everyAddress] : [ip, everyIpv4, everyAddress]
  return inArray(allocations.ip, alike)
}

/**
 * The refusal of a port that is taken: it names the server that has it to whoever may see that.
 * Null: nobody has it.
 */
export async function takenBy(
  tx: Queries,
  ctx: Ctx,
  nodeId: NodeId,
  socket: HostSocket,
): Promise<AppError | null> {
  const [holder] = await tx
    .select({ id: servers.id, name: servers.name, ownerId: servers.ownerId })
    .from(allocations)
    .innerJoin(servers, eq(servers.id, allocations.serverId))
    .where(inTheWayOf(nodeId, socket))
    .orderBy(asc(allocations.id))
    .limit(1)
  if (holder === undefined) return null
  const sentence = (place: string) => `The server “${holder.name}” has ${place} on this node.`
  return portTaken(ctx, nodeId, socket, holder, sentence)
}

/** @param sentence what to tell whoever may see the server that has it */
export function portTaken(
  { caller }: Ctx,
  nodeId: NodeId,
  socket: HostSocket,
  holder: Pick<ServerRow, 'id' | 'name' | 'ownerId'>,
  sentence: (place: string) => string,
): AppError {
  const place = { nodeId, ip: socket.ip, port: socket.port, protocol: socket.protocol }
  if (!rightsOn(caller, holder).includes('server.read')) return new AppError('port_taken', place)
  const told = { ...place, serverId: holder.id, serverName: holder.name }
  const what = sentence(socketText(socket.ip, socket.port))
  return new AppError('port_taken', told, `${what} Choose another port.`)
}
