import { and, eq, gte, lt, type SQL } from 'drizzle-orm'
import type { AuditFilter } from '../../../contract/api/audit.ts'
import { auditLog } from '../../db/schema/activity.ts'

/** The rows that a filter leaves. */
export function matching({ action, targetId, actorId, from, to }: AuditFilter): SQL | undefined {
  return and(
    action === undefined ? undefined : actionIs(action),
    targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    from === undefined ? undefined : gte(auditLog.at, Date.parse(from)),
    to === undefined ? undefined : lt(auditLog.at, Date.parse(to)),
  )
}

/** A star at the end stands for the rest; no other sign stands for anything. */
function actionIs(action: string): SQL | undefined {
  if (!action.endsWith('*')) return eq(auditLog.action, action)
  const start = action.slice(0, -1)
  return and(gte(auditLog.action, start), lt(auditLog.action, `${start}${lastCharacter}`))
}

/** No action holds it, and it sorts behind all that one may hold. */
const lastCharacter = '\u{10ffff}'
