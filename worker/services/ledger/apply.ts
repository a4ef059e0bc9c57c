import { and, eq, inArray, sql } from 'drizzle-orm'
import { assertNever } from '../../../contract/assert-never.ts'
import type { NodeId } from '../../../contract/ids.ts'
import type { ObservedServer } from '../../../contract/protocol/spec.ts'
import type { LedgerEvent, OperationReport } from '../../../contract/rpc.ts'
import { type Database, type Statement, writeBatch } from '../../db/client.ts'
import { operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { servers } from '../../db/schema/servers.ts'
import type { Deps } from '../context.ts'
import { openStates } from '../operations/states.ts'
import { goneStatements } from '../servers/gone.ts'

/**
 * [L1] Applies an object's reports in order, each once, in one transaction. Every statement carries its
 * own conditions: that the report was not applied before, and that the row is this node's [N9].
 * @returns the highest number applied; an object whose own count is lower has lost some of its storage
 */
export async function applyEvents(
  { db }: Pick<Deps, 'db'>,
  nodeId: NodeId,
  events: readonly LedgerEvent[],
): Promise<{ appliedTo: number }> {
  const inOrder = [...events].sort((one, other) => one.eventNo - other.eventNo)
  const last = inOrder.at(-1)?.eventNo ?? 0
  const results = await writeBatch(db, [
    ...inOrder.flatMap((event) => statementsFor(db, nodeId, event)),
    db
      .update(nodes)
      .set({ ledgerAppliedTo: sql`max(${nodes.ledgerAppliedTo}, ${last})` })
      .where(eq(nodes.id, nodeId)),
    db.select({ appliedTo: nodes.ledgerAppliedTo }).from(nodes).where(eq(nodes.id, nodeId)),
  ])
  const applied = results.at(-1)?.rows[0]?.ledger_applied_to
  // A node that was deleted has nothing to apply to: its object may forget what it had to say.
  return { appliedTo: typeof applied === 'number' ? applied : last }
}

function statementsFor(db: Database, nodeId: NodeId, event: LedgerEvent): readonly Statement[] {
  const at = Date.parse(event.at)
  const isNew = sql`(SELECT n.ledger_applied_to FROM nodes n WHERE n.id = ${nodeId}) < ${event.eventNo}`
  const setNode = (change: Partial<typeof nodes.$inferInsert>) => [
    db
      .update(nodes)
      .set(change)
      .where(and(eq(nodes.id, nodeId), isNew)),
  ]
  switch (event.type) {
    case 'node.online': {
      const { agentVersion, proto: agentProto, host, runtime } = event
      const back = { online: true, offlineSince: null, offlineReason: null }
      return setNode({ ...back, lastSeenAt: at, agentVersion, agentProto, host, runtime })
    }
    case 'node.runtime':
      return setNode({ lastSeenAt: at, host: event.host, runtime: event.runtime })
    case 'node.offline':
      return setNode({ online: false, offlineSince: at, offlineReason: event.reason })
    case 'node.alert':
      return setNode({ alert: `${event.alert}: ${event.message}` })
    case 'node.alert_over':
      return setNode({ alert: null })
    case 'server.observed':
      return [observedStatement(db, nodeId, event.observed, isNew)]
    case 'server.removed':
      return goneStatements(db, nodeId, event.serverId, at, isNew)
    case 'operation.changed':
      return [operationStatement(db, nodeId, event.operation, isNew)]
    default:
      return assertNever(event)
  }
}

type Condition = ReturnType<typeof sql>

/** What an agent that woke up with an older memory says of a server is not news. */
function observedStatement(
  db: Database,
  nodeId: NodeId,
  observed: ObservedServer,
  isNew: Condition,
) {
  const { incarnation, generation, exit, startedAt } = observed
  const isNotOlder = sql`(${servers.observedIncarnation}, ${servers.observedGeneration}) <= (${incarnation}, ${generation})`
  return db
    .update(servers)
    .set({
      state: observed.state,
      observedAt: Date.parse(observed.at),
      observedIncarnation: incarnation,
      observedGeneration: generation,
      observedStartNo: observed.startNo,
      problem: observed.problem,
      observedPorts: observed.ports,
      startedAt: startedAt === null ? null : Date.parse(startedAt),
      // The last exit stays known while the server runs again.
      ...(exit === null ? {} : { lastExit: exit }),
    })
    .where(and(eq(servers.id, observed.serverId), eq(servers.nodeId, nodeId), isNotOlder, isNew))
}

/** What has ended stays as it ended. */
function operationStatement(
  db: Database,
  nodeId: NodeId,
  report: OperationReport,
  isNew: Condition,
) {
  const { progress, endedAt } = report
  return db
    .update(operations)
    .set({
      state: report.state,
      percent: progress.percent,
      bytes: progress.bytes,
      // What it was at is of no interest once it has ended.
      message: report.message ?? (endedAt === null ? progress.message : null),
      code: report.code,
      log: report.log,
      startedAt: report.startedAt === null ? null : Date.parse(report.startedAt),
      endedAt: endedAt === null ? null : Date.parse(endedAt),
    })
    .where(
      and(
        eq(operations.id, report.id),
        eq(operations.nodeId, nodeId),
        inArray(operations.state, openStates),
        isNew,
      ),
    )
}
