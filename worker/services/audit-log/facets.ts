import { and, count, desc, isNotNull, max } from 'drizzle-orm'
import type { audit } from '../../../contract/api/audit.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { auditLog } from '../../db/schema/activity.ts'
import type { Ctx } from '../context.ts'
import { matching } from './filter.ts'

const atMost = 50

export async function auditFacets(
  { db }: Ctx,
  filter: Input<typeof audit.facets>,
): Promise<Output<typeof audit.facets>> {
  const where = matching(filter)
  const [actions, actors] = await db.batch([
    db
      .select({ value: auditLog.action, name: auditLog.action, count: count() })
      .from(auditLog)
      .where(where)
      .groupBy(auditLog.action)
      .orderBy(desc(count()), auditLog.action)
      .limit(atMost),
    db
      .select({ value: auditLog.actorId, name: max(auditLog.actorName), count: count() })
      .from(auditLog)
      .where(and(where, isNotNull(auditLog.actorId)))
      .groupBy(auditLog.actorId)
      .orderBy(desc(count()), auditLog.actorId)
      .limit(atMost),
  ])
  return {
    actions,
    actors: actors.map(({ value, name, count }) => ({
      value: value ?? '',
      name: name ?? '',
      count,
    })),
  }
}
