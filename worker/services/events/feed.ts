import { and, asc, gt, inArray, max } from 'drizzle-orm'
import type { PanelEvent } from '../../../contract/events.ts'
import type { NodeId, OperationId, ServerId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type ChangeRow, changes, operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { servers } from '../../db/schema/servers.ts'
import { holds } from '../access.ts'
import type { Caller, Ctx } from '../context.ts'
import { isoOrNull } from '../iso.ts'
import { nodeStatus, selectNodeStatus } from '../nodes/present.ts'
import { selectOperations, toOperation } from '../operations/present.ts'
import { toServer } from '../servers/present.ts'
import { selectServers } from '../servers/select.ts'
import { visibleNodes, visibleOperations, visibleServers } from '../visible.ts'

const perRead = 100

/** A stretch of the feed as one caller may see it. */
export interface Stretch {
  /** Where the next one begins. */
  readonly until: number
  readonly events: readonly { readonly id: number; readonly event: PanelEvent }[]
  /** There is more after it already. */
  readonly more: boolean
}

/** The number of the newest change; 0 when nothing has ever changed. */
export async function newestChange(db: Queries): Promise<number> {
  const [row] = await db.select({ id: max(changes.id) }).from(changes)
  return row?.id ?? 0
}

/**
 * What changed after a number, each thing once and as it is now. Rights are those that the caller has at
 * this moment. A number that has not been reached yet comes from another copy of the database: `reset`.
 */
export async function readFeed(ctx: Ctx, after: number): Promise<Stretch> {
  const rows = await ctx.db
    .select()
    .from(changes)
    .where(gt(changes.id, after))
    .orderBy(asc(changes.id))
    .limit(perRead)
  const last = rows.at(-1)
  if (last === undefined) return checkNumber(ctx, after)
  const told = await readChanged(ctx, rows)
  const events = rows.flatMap((row) => {
    const event = told.get(row.entityId) ?? goneEvent(ctx.caller, row)
    return event === null ? [] : [{ id: row.id, event }]
  })
  return { until: last.id, events, more: rows.length === perRead }
}

async function checkNumber({ db }: Ctx, after: number): Promise<Stretch> {
  const newest = await newestChange(db)
  if (newest >= after) return { until: after, events: [], more: false }
  return { until: newest, events: [{ id: newest, event: { type: 'reset' } }], more: false }
}

/** What the caller may see of the things that changed, by their ids. */
async function readChanged({ db, caller }: Ctx, rows: readonly ChangeRow[]) {
  const of = (kind: ChangeRow['kind']) =>
    rows.filter((row) => row.kind === kind).map(({ entityId }) => entityId)
  const [changedOperations, changedServers, changedNodes] = await db.batch([
    selectOperations(
      db,
      and(inArray(operations.id, of('operation') as OperationId[]), visibleOperations(caller)),
    ),
    selectServers(db).where(
      and(inArray(servers.id, of('server') as ServerId[]), visibleServers(caller)),
    ),
    selectNodeStatus(db).where(
      and(inArray(nodes.id, of('node') as NodeId[]), visibleNodes(db, caller)),
    ),
  ])
  const told = new Map<string, PanelEvent>()
  for (const row of changedOperations) {
    told.set(row.operation.id, { type: 'operation', operation: toOperation(row) })
  }
  for (const row of changedServers) {
    told.set(row.server.id, { type: 'server', server: toServer(row) })
  }
  for (const { id, name, ...node } of changedNodes) {
    const status = nodeStatus({ ...node, isWell: node.isWell === 1 })
    const offlineSince = isoOrNull(node.offlineSince)
    told.set(id, { type: 'node', node: { id, name, status, offlineSince } })
  }
  return told
}

/** A server that is not there any more, or is not the caller's any more. */
function goneEvent(caller: Caller, { kind, entityId, ownerId }: ChangeRow): PanelEvent | null {
  if (kind !== 'server') return null
  const isTheirs = caller.kind === 'user' && caller.id === ownerId
  if (!isTheirs && !holds(caller, 'server.read')) return null
  return { type: 'server_gone', serverId: entityId as ServerId } // written by a trigger on `servers`
}
