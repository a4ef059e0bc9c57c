import { and, asc, gt, inArray, max } from 'drizzle-orm'
import type { PanelEvent } from '../../../contract/events.ts'
import type { NodeId, OperationId, ServerId, UserId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type ChangeRow, changes, operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { servers } from '../../db/schema/servers.ts'
import { rightsOn } from '../access.ts'
import type { Caller, Ctx, Person } from '../context.ts'
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
    const event = eventOf(ctx.caller, row, told)
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
async function readChanged({ db, caller, clock }: Ctx, rows: readonly ChangeRow[]) {
  const of = (kind: ChangeRow['kind']) =>
    rows.filter((row) => row.kind === kind).map(({ entityId }) => entityId)
  const accessed = rows.flatMap((row) => serverOfAccess(caller, row) ?? [])
  const [changedOperations, changedServers, changedNodes] = await db.batch([
    selectOperations(
      db,
      and(inArray(operations.id, of('operation') as OperationId[]), visibleOperations(caller)),
    ),
    selectServers(db).where(
      and(
        inArray(servers.id, [...of('server'), ...accessed] as ServerId[]),
        visibleServers(caller),
      ),
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
    told.set(row.server.id, { type: 'server', server: toServer(row, clock.now()) })
  }
  for (const { id, name, ...node } of changedNodes) {
    const status = nodeStatus({ ...node, isWell: node.isWell === 1 })
    const offlineSince = isoOrNull(node.offlineSince)
    told.set(id, { type: 'node', node: { id, name, status, offlineSince } })
  }
  return told
}

function eventOf(
  caller: Caller,
  row: ChangeRow,
  told: ReadonlyMap<string, PanelEvent>,
): PanelEvent | null {
  const accessed = serverOfAccess(caller, row)
  if (accessed === null) return told.get(row.entityId) ?? goneEvent(caller, row)
  // With other rights on it other things are seen, and none of them has changed itself.
  return told.has(accessed) ? { type: 'reset' } : { type: 'server_gone', serverId: accessed }
}

/** The server of a change that is about what the caller may do there. */
function serverOfAccess(caller: Caller, { kind, entityId, ownerId }: ChangeRow): ServerId | null {
  if (kind !== 'access' || caller.kind !== 'user' || caller.id !== ownerId) return null
  const serverId = entityId.slice(0, entityId.indexOf(' ')) as ServerId // written by triggers
  return isOpenedTo(caller, serverId) ? serverId : null
}

/** Whether the key that the account came with, if any, shows this server. */
function isOpenedTo({ key }: Person, serverId: ServerId): boolean {
  if (key === null) return true
  return key.permissions.includes('server.read') && key.serverIds?.includes(serverId) !== false
}

/** A server that is not there any more, or is not the caller's any more. */
function goneEvent(caller: Caller, { kind, entityId, ownerId }: ChangeRow): PanelEvent | null {
  if (kind !== 'server') return null
  const serverId = entityId as ServerId // written by a trigger on `servers`
  const rights = rightsOn(caller, { id: serverId, ownerId: ownerId as UserId }) // written there too
  return rights.includes('server.read') ? { type: 'server_gone', serverId } : null
}
