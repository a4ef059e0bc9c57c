import { and, eq, inArray, notInArray, type SQL } from 'drizzle-orm'
import type { Operation } from '../../../contract/api/operations.ts'
import type { Queries } from '../../db/client.ts'
import { type OperationRow, operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { servers } from '../../db/schema/servers.ts'
import { iso, isoOrNull } from '../iso.ts'
import { openStates } from './states.ts'

export function inState(state: 'open' | 'finished' | 'unsuccessful' | 'all'): SQL | undefined {
  switch (state) {
    case 'unsuccessful':
      return notInArray(operations.state, [...openStates, 'succeeded', 'superseded'])
    case 'open':
      return inArray(operations.state, openStates)
    case 'finished':
      return notInArray(operations.state, openStates)
    case 'all':
      return undefined
  }
}

/** Operations with what their server and node are called now, where those still exist. */
export function selectOperations(db: Queries, where: SQL | undefined) {
  return db
    .select({
      operation: operations,
      serverName: servers.name,
      nodeName: nodes.name,
      nodeOnline: nodes.online,
      ownerId: servers.ownerId,
    })
    .from(operations)
    .leftJoin(servers, eq(servers.id, operations.serverId))
    .leftJoin(nodes, eq(nodes.id, operations.nodeId))
    .where(and(where))
    .$dynamic()
}

export type SelectedOperation = Awaited<ReturnType<typeof selectOperations>>[number]

export function toOperation(row: SelectedOperation): Operation {
  const { operation } = row
  return {
    ...plainFields(operation),
    serverName: row.serverName ?? operation.serverName,
    nodeName: row.nodeName ?? operation.nodeName,
    nodeOnline: row.nodeOnline ?? false,
    cancelRequestedAt: isoOrNull(operation.cancelRequestedAt),
    createdAt: iso(operation.createdAt),
    startedAt: isoOrNull(operation.startedAt),
    endedAt: isoOrNull(operation.endedAt),
    expiresAt: isoOrNull(operation.expiresAt),
  }
}

function plainFields(operation: OperationRow) {
  const { id, kind, state, serverId, nodeId, actorName } = operation
  const { subject, percent, bytes, message, code } = operation
  return { id, kind, state, serverId, nodeId, actorName, subject, percent, bytes, message, code }
}
