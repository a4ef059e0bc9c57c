import * as z from 'zod'
import { endpoint, pageQuery } from '../endpoint.ts'
import { AuditId } from '../ids.ts'

export const AuditEntry = z
  .object({
    id: AuditId,
    at: z.iso.datetime(),
    action: z.string(),
    actorId: z.string().nullable(),
    actorName: z.string(),
    ip: z.string().nullable(),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const audit = {
  list: endpoint({
    method: 'GET',
    path: '/api/admin/audit-logs',
    summary: 'What was done, by whom, newest first',
    tag: 'Audit',
    needs: 'admin.read',
    query: z.object({
      ...pageQuery,
      action: z.string().max(100).optional(),
      targetId: z.string().max(100).optional(),
    }),
    returns: z.array(AuditEntry),
    paged: true,
  }),
}
