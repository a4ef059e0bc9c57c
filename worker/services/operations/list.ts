import { and, count, desc, eq, type SQL } from 'drizzle-orm'
import type { operations as endpoints, Operation } from '../../../contract/api/operations.ts'
import type { Input, Page } from '../../../contract/endpoint.ts'
import { operations } from '../../db/schema/activity.ts'
import { servers } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'
import { offsetOf, type PageQuery, toPage } from '../page.ts'
import { visibleOperations } from '../visible.ts'
import { inState, selectOperations, toOperation } from './present.ts'

export async function listOperations(
  ctx: Ctx,
  query: Input<typeof endpoints.list>,
): Promise<Page<Operation>> {
  const onNode = query.nodeId === undefined ? undefined : eq(operations.nodeId, query.nodeId)
  return readPage(ctx, and(onNode, matching(query)), query)
}

export async function listOperationsOfServer(
  ctx: Ctx,
  { serverId, ...query }: Input<typeof endpoints.listOfServer>,
): Promise<Page<Operation>> {
  await allow(ctx, 'server.read', serverId)
  return readPage(ctx, and(eq(operations.serverId, serverId), matching(query)), query)
}

function matching({ state, kind }: Pick<Input<typeof endpoints.list>, 'state' | 'kind'>) {
  return and(inState(state), kind === undefined ? undefined : eq(operations.kind, kind))
}

async function readPage(
  { db, caller }: Ctx,
  asked: SQL | undefined,
  query: PageQuery,
): Promise<Page<Operation>> {
  const where = and(visibleOperations(caller), asked)
  const [[counted], rows] = await db.batch([
    db
      .select({ total: count() })
      .from(operations)
      .leftJoin(servers, eq(servers.id, operations.serverId))
      .where(where),
    selectOperations(db, where)
      .orderBy(desc(operations.createdAt), desc(operations.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  return toPage(rows.map(toOperation), counted?.total ?? 0, query)
}
