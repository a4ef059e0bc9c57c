import type { Server } from '../../../contract/api/servers.ts'
import type { ActedOn, ServerStatus } from '../../../contract/rules/server-states.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { connectionOf } from '../allocations/connection.ts'
import { iso, isoOrNull } from '../iso.ts'
import { nodeStatus } from '../nodes/present.ts'
import type { SelectedServer } from './select.ts'
import { deletesAt } from './timed-deletion.ts'

/** What stands above the observed state hides it. */
export function statusOf(
  server: Pick<ServerRow, 'removed' | 'suspendedAt' | 'state'>,
): ServerStatus {
  if (server.removed) return 'deleting'
  return server.suspendedAt === null ? server.state : 'suspended'
}

/** The server as `serverCan` judges it. */
export function actedOn(server: Pick<ServerRow, 'removed' | 'wanted' | 'state'>): ActedOn {
  return { state: server.state, wanted: server.wanted, deleting: server.removed }
}

/** @param now milliseconds since 1970 */
export function toServer(row: SelectedServer, now: number): Server {
  const { server } = row
  return {
    ...ownFields(server),
    ...observedFields(server),
    deletesAt: isoOrNull(deletesAt(server, row.deletionRule, now)),
    ownerName: row.ownerName,
    templateName: row.templateName,
    nodeName: row.nodeName,
    nodeStatus: nodeStatus({
      online: row.nodeOnline,
      enrolledAt: row.nodeEnrolledAt,
      isWell: row.isWell === 1,
    }),
    nodeOfflineSince: isoOrNull(row.nodeOfflineSince),
    primaryPort: row.primary?.port ?? null,
    portBindings: parseBindings(row.portBindings),
    connection:
      row.primary === null
        ? { host: row.nodeAddress, port: null }
        : connectionOf(row.primary, row.nodeAddress),
  }
}

function ownFields(server: ServerRow) {
  return {
    id: server.id,
    name: server.name,
    description: server.description,
    ownerId: server.ownerId,
    templateId: server.templateId,
    nodeId: server.nodeId,
    wanted: server.wanted,
    allocatedMemoryMb: server.allocatedMemoryMb,
    allocatedCpuCores: server.allocatedCpuCores,
    allocatedDiskMb: server.allocatedDiskMb,
    allocationLimit: server.allocationLimit,
    suspendedAt: isoOrNull(server.suspendedAt),
    suspendedByUserId: server.suspendedByUserId,
    suspensionReason: server.suspensionReason,
    suspendedUntil: isoOrNull(server.suspendedUntil),
    createdAt: iso(server.createdAt),
    updatedAt: iso(server.updatedAt),
  }
}

function observedFields(server: ServerRow) {
  return {
    status: statusOf(server),
    state: server.state,
    observedAt: isoOrNull(server.observedAt),
    startedAt: isoOrNull(server.startedAt),
    lastExit: server.lastExit,
    problem: server.problem,
  }
}

/** The statement makes this JSON of two columns of ours. */
function parseBindings(json: string): Record<string, number> {
  return JSON.parse(json)
}
