import { and, eq, inArray, isNotNull, ne } from 'drizzle-orm'
import type { NodeId } from '../../../contract/ids.ts'
import { type HostSocket, socketsConflict } from '../../../contract/rules/ports.ts'
import type { Queries } from '../../db/client.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'

/** A server and what its engine has bound for it, as it was seen last. */
export interface StillBound extends Pick<ServerRow, 'id' | 'name' | 'ownerId'> {
  readonly sockets: readonly HostSocket[]
}

/**
 * What other servers of a node have bound. A port that was taken away is let go of when its server is next
 * started: given to another before, that one could not start.
 * @param exceptServer may bind again what is its own
 */
export async function readStillBound(
  tx: Queries,
  nodeId: NodeId,
  exceptServer = '',
): Promise<readonly StillBound[]> {
  const { id, name, ownerId, observedPorts } = servers
  const rows = await tx
    .select({ id, name, ownerId, observedPorts })
    .from(servers)
    .where(
      and(
        eq(servers.nodeId, nodeId),
        ne(servers.id, exceptServer as ServerRow['id']), // compared as the text it is
        inArray(servers.state, ['starting', 'running', 'stopping']),
        isNotNull(observedPorts),
      ),
    )
  return rows.map(({ observedPorts: bound, ...server }) => ({
    ...server,
    sockets: (bound ?? []).map(({ ip, hostPort, protocol }) => ({ ip, port: hostPort, protocol })),
  }))
}

/** The server whose engine is in the way of a place at the node. */
export function whoBinds(bound: readonly StillBound[], socket: HostSocket): StillBound | undefined {
  return bound.find(({ sockets }) => sockets.some((other) => socketsConflict(other, socket)))
}
