import { and, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { servers as endpoints, Server } from '../../../contract/api/servers.ts'
import type { Input, Page } from '../../../contract/endpoint.ts'
import { containsText } from '../../db/contains.ts'
import { servers } from '../../db/schema/servers.ts'
import type { Caller, Ctx } from '../context.ts'
import { offsetOf, toPage } from '../page.ts'
import { visibleServers } from '../visible.ts'
import { toServer } from './present.ts'
import { selectServers, statusColumn } from './select.ts'

/** Everybody sees their own servers and those shared with them; whoever may read all sees all. */
export async function listServers(
  ctx: Ctx,
  query: Input<typeof endpoints.list>,
): Promise<Page<Server>> {
  const { nodeId, search, status, access } = query
  const where = and(
    visibleServers(ctx.caller),
    access === undefined ? undefined : accessedAs(access, ctx.caller),
    nodeId === undefined ? undefined : eq(servers.nodeId, nodeId),
    status === undefined ? undefined : sql`${statusColumn} = ${status}`,
    containsText([servers.name], search),
  )
  const [[counted], rows] = await ctx.db.batch([
    ctx.db.select({ total: count() }).from(servers).where(where),
    selectServers(ctx.db)
      .where(where)
      .orderBy(desc(servers.createdAt), desc(servers.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  return toPage(
    rows.map((row) => toServer(row, ctx.clock.now())),
    counted?.total ?? 0,
    query,
  )
}

/** What is the caller's own, or shared with them by name: scripts have neither. */
function accessedAs(access: 'own' | 'shared', caller: Caller): SQL {
  if (caller.kind !== 'user') return sql`0`
  return access === 'own'
    ? eq(servers.ownerId, caller.id)
    : inArray(servers.id, [...caller.grants.keys()])
}
