import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { servers as endpoints, Server } from '../../../contract/api/servers.ts'
import type { Input, Page } from '../../../contract/endpoint.ts'
import { servers } from '../../db/schema/servers.ts'
import type { Ctx } from '../context.ts'
import { offsetOf, toPage } from '../page.ts'
import { visibleServers } from '../visible.ts'
import { toServer } from './present.ts'
import { selectServers, statusColumn } from './select.ts'

/** Everybody sees their own servers and those shared with them; whoever may read all sees all. */
export async function listServers(
  ctx: Ctx,
  query: Input<typeof endpoints.list>,
): Promise<Page<Server>> {
  const { nodeId, search, status } = query
  const where = and(
    visibleServers(ctx.caller),
    nodeId === undefined ? undefined : eq(servers.nodeId, nodeId),
    status === undefined ? undefined : sql`${statusColumn} = ${status}`,
    search === undefined || search === '' ? undefined : contains(search),
  )
  const [[counted], rows] = await ctx.db.batch([
    ctx.db.select({ total: count() }).from(servers).where(where),
    selectServers(ctx.db)
      .where(where)
      .orderBy(desc(servers.createdAt), desc(servers.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  return toPage(rows.map(toServer), counted?.total ?? 0, query)
}

/** Plain text, not a pattern: `%` is searched for like any other character. */
function contains(text: string): SQL {
  return sql`instr(lower(${servers.name}), lower(${text})) > 0`
}
