import { and, count, desc, eq } from 'drizzle-orm'
import type { AuditEntry, audit } from '../../../contract/api/audit.ts'
import type { Input, Page } from '../../../contract/endpoint.ts'
import { auditLog } from '../../db/schema/activity.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { offsetOf, toPage } from '../page.ts'

export async function listAudit(
  ctx: Ctx,
  query: Input<typeof audit.list>,
): Promise<Page<AuditEntry>> {
  const { action, targetId } = query
  const where = and(
    action === undefined ? undefined : eq(auditLog.action, action),
    targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
  )
  const [[counted], rows] = await ctx.db.batch([
    ctx.db.select({ total: count() }).from(auditLog).where(where),
    ctx.db
      .select()
      .from(auditLog)
      .where(where)
      .orderBy(desc(auditLog.at), desc(auditLog.id))
      .limit(query.limit)
      .offset(offsetOf(query)),
  ])
  const items = rows.map(({ actorKind: _kind, requestId: _request, at, ...row }) => ({
    ...row,
    at: iso(at),
  }))
  return toPage(items, counted?.total ?? 0, query)
}
