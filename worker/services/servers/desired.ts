import { and, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { OperationKind } from '../../../contract/api/operations.ts'
import { AppError } from '../../../contract/errors.ts'
import type { NodeId, OperationId, ServerId } from '../../../contract/ids.ts'
import type { DesiredPush, WaitingOperation } from '../../../contract/rpc.ts'
import { toPortBindings } from '../../../contract/rules/ports.ts'
import type { Database, Queries } from '../../db/client.ts'
import { meta, type OperationRow, operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import {
  type AllocationRow,
  allocations,
  type ServerRow,
  servers,
  type TemplateRow,
  templates,
} from '../../db/schema/servers.ts'
import { openStates } from '../operations/states.ts'
import { sendableSpec } from './check-spec.ts'
import type { SpecParts } from './to-spec.ts'

/** Columns of what is wanted that a verb may set; versions are raised by `raiseGeneration` alone. */
export type DesiredChange = Partial<
  Omit<ServerRow, 'id' | 'nodeId' | 'generation' | 'nodeRevision'>
>

/**
 * Changes what is wanted of a server: a new generation of it and a new revision of its node [D1, L3].
 * @throws `wrong_state` when it is being deleted, which nothing takes back
 */
export async function raiseGeneration(
  tx: Queries,
  server: Pick<ServerRow, 'id' | 'nodeId'>,
  change: DesiredChange,
): Promise<ServerRow> {
  const nodeRevision = sql`(SELECT ${nodes.revision} FROM ${nodes} WHERE ${nodes.id} = ${server.nodeId})`
  // Both travel in one request and run in this order: the second reads what the first has written.
  const [[node], [row]] = await Promise.all([
    nextRevision(tx, server.nodeId),
    tx
      .update(servers)
      .set({ ...change, nodeRevision, generation: sql`${servers.generation} + 1` })
      .where(and(eq(servers.id, server.id), eq(servers.removed, false)))
      .returning(),
  ])
  if (node === undefined) throw new AppError('not_found')
  if (row === undefined) {
    throw new AppError('wrong_state', undefined, 'The server is being deleted.')
  }
  return row
}

/** @returns the node's new revision */
export async function raiseRevision(tx: Queries, nodeId: NodeId): Promise<number> {
  const [node] = await nextRevision(tx, nodeId)
  if (node === undefined) throw new AppError('not_found')
  return node.revision
}

function nextRevision(tx: Queries, nodeId: NodeId) {
  return tx
    .update(nodes)
    .set({ revision: sql`${nodes.revision} + 1` })
    .where(eq(nodes.id, nodeId))
    .returning({ revision: nodes.revision })
}

/**
 * What a node is to be told of one server; null when the server is gone.
 * @param waitId the operation that is to be told with it; not given: the newest that waits
 */
export async function readPush(
  db: Database,
  serverId: ServerId,
  waitId?: OperationId,
): Promise<DesiredPush | null> {
  const which = eq(servers.id, serverId)
  const { pushes } = await readPushes(db, { which, limit: 1, nodeId: null, waitId: waitId ?? null })
  return pushes[0] ?? null
}

/** What a node is to be told of the first `limit` servers that changed after a revision, in order of it. */
export async function readPushesAfter(
  db: Database,
  nodeId: NodeId,
  revision: number,
  limit: number,
) {
  const changed = sql`${servers.nodeId} = ${nodeId} AND ${servers.nodeRevision} > ${revision}`
  return readPushes(db, { which: changed, limit, nodeId, waitId: null })
}

interface PushQuery {
  readonly which: SQL
  readonly limit: number
  /** The node whose revision is read too; null: none. */
  readonly nodeId: NodeId | null
  /** The operation that waits; null: each server's newest. */
  readonly waitId: OperationId | null
}

/** All of it is read in one transaction, so that the parts fit together. */
async function readPushes(db: Database, { which, limit, nodeId, waitId }: PushQuery) {
  const ids = db
    .select({ id: servers.id })
    .from(servers)
    .where(which)
    .orderBy(servers.nodeRevision)
    .limit(limit)
  const [rows, ports, waits, incarnations, revisions] = await db.batch([
    db
      .select({ server: servers, template: templates })
      .from(servers)
      .innerJoin(templates, eq(templates.id, servers.templateId))
      .where(inArray(servers.id, ids))
      .orderBy(servers.nodeRevision),
    db.select().from(allocations).where(inArray(allocations.serverId, ids)),
    db
      .select()
      .from(operations)
      .where(
        and(
          inArray(operations.serverId, ids),
          inArray(operations.state, openStates),
          isNotNull(operations.generation),
        ),
      )
      .orderBy(desc(operations.createdAt), desc(operations.generation)),
    selectIncarnation(db),
    db
      .select({ revision: nodes.revision })
      .from(nodes)
      .where(eq(nodes.id, nodeId ?? sql`NULL`)),
  ])
  const incarnation = incarnationIn(incarnations)
  const portsOf = Map.groupBy(ports, ({ serverId }) => serverId)
  const waitsOf = Map.groupBy(waits, ({ serverId }) => serverId)
  const pushes = rows.map(({ server, template }) => {
    const wait = waitsOf.get(server.id)?.find(({ id }) => waitId === null || id === waitId) ?? null
    const parts = specParts(server, template, portsOf.get(server.id) ?? [])
    return toPush(parts, server, wait, incarnation)
  })
  return { pushes, revision: revisions[0]?.revision ?? 0 }
}

/** The panel's incarnation, which is part of every version of a desired state. */
export async function readIncarnation(tx: Queries): Promise<number> {
  return incarnationIn(await selectIncarnation(tx))
}

function selectIncarnation(db: Queries) {
  return db.select({ value: meta.value }).from(meta).where(eq(meta.key, 'incarnation'))
}

function incarnationIn([row]: readonly { readonly value: string }[]): number {
  return Number(row?.value ?? 0)
}

/**
 * What a node is to be told of a server, for whoever has read the rows already.
 * @param wait the operation that is to be told with it; null: none waits
 */
export function toPush(
  parts: SpecParts,
  server: ServerRow,
  wait: OperationRow | null,
  incarnation: number,
): DesiredPush {
  const { wanted, startNo, how } = server
  return {
    revision: server.nodeRevision,
    server: {
      serverId: server.id,
      incarnation,
      generation: server.generation,
      spec: sendableSpec(parts),
      power: { wanted, startNo, how },
      suspended: server.suspendedAt !== null,
      removed: server.removed,
    },
    waiting: wait === null ? null : toWaiting(wait),
  }
}

/** Puts rows together for `toSpec`. */
export function specParts(
  server: ServerRow,
  template: TemplateRow,
  taken: readonly AllocationRow[],
): SpecParts {
  const primary = taken.find(({ isPrimary }) => isPrimary)
  const portVariables = taken.flatMap(({ variable, containerPort }) =>
    variable === null ? [] : [[variable, String(containerPort)] as const],
  )
  return {
    template,
    server,
    ports: taken.flatMap(toPortBindings),
    // What the game listens on; players may find it at another port of the node.
    primaryPort: primary?.containerPort ?? null,
    portVariables: Object.fromEntries(portVariables),
  }
}

const waitingKinds: Readonly<Record<OperationKind, WaitingOperation['kind'] | null>> = {
  'server.start': 'start',
  'server.stop': 'stop',
  'server.restart': 'restart',
  'server.kill': 'kill',
  'server.delete': 'delete',
  'server.update': 'update',
  'server.install': null,
  'console.input': null,
}

function toWaiting(wait: OperationRow): WaitingOperation | null {
  const kind = waitingKinds[wait.kind]
  if (kind === null) return null
  const actor = { kind: wait.actorKind, id: wait.actorId, name: wait.actorName }
  return { id: wait.id, kind, actor }
}
