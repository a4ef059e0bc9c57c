import { and, count, desc, eq, or, type SQL } from 'drizzle-orm'
import type { Activity, AuditEntry, audit } from '../../../contract/api/audit.ts'
import type { Input, Output, Page } from '../../../contract/endpoint.ts'
import { type AuditRow, auditLog } from '../../db/schema/activity.ts'
import { allow } from '../access.ts'
import { loginFailed } from '../auth/note-failure.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { offsetOf, type PageQuery, toPage } from '../page.ts'
import { matching } from './filter.ts'
import { type Names, namesOf, namesOfServers, type Target } from './names.ts'

export async function listAudit(
  ctx: Ctx,
  query: Input<typeof audit.list>,
): Promise<Page<Output<typeof audit.list>[number]>> {
  const page = await readPage(ctx, matching(query), query, toEntry)
  return withNames(page, await namesOf(ctx.db, page.items))
}

export async function listActivityOfServer(
  ctx: Ctx,
  { serverId, ...query }: Input<typeof audit.ofServer>,
): Promise<Page<Activity>> {
  await allow(ctx, 'activity.read', serverId)
  return readPage(ctx, eq(auditLog.targetId, serverId), query, toActivity)
}

export async function listOwnActivity(
  ctx: Ctx,
  query: Input<typeof audit.own>,
): Promise<Page<Output<typeof audit.own>[number]>> {
  const { id } = requirePerson(ctx)
  const isAttempt = and(eq(auditLog.targetId, id), eq(auditLog.action, loginFailed))
  const page = await readPage(ctx, or(eq(auditLog.actorId, id), isAttempt), query, (row) => ({
    ...toActivity(row),
    ip: row.ip,
    byKey: row.apiKeyId !== null,
  }))
  return withNames(page, await namesOfServers(ctx, page.items))
}

function withNames<Item extends Target>({ items, ...rest }: Page<Item>, names: Names) {
  const named = items.map((item) => ({ ...item, targetName: names.get(item.targetId) ?? null }))
  return { ...rest, items: named }
}

/** An entry as administrators see it. */
export function toEntry(row: AuditRow): AuditEntry {
  const { actorKind: _kind, requestId: _request, at, ...entry } = row
  return { ...entry, at: iso(at) }
}

function toActivity({ id, at, action, actorName, targetType, targetId }: AuditRow): Activity {
  return { id, at: iso(at), action, actorName, targetType, targetId }
}

async function readPage<Item>(
  { db }: Ctx,
  where: SQL | undefined,
  query: PageQuery,
  toItem: (row: AuditRow) => Item,
): Promise<Page<Item>> {
  const [[counted], rows] = await db.batch([
    db.select({ total: count() }).from(auditLog).where(where),
    db
      .select()
      .from(auditLog)
      .where(where)
      .orderBy(desc(auditLog.at), desc(auditLog.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  return toPage(rows.map(toItem), counted?.total ?? 0, query)
}
