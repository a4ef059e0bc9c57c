import * as z from 'zod'
import { endpoint, pageQuery } from '../endpoint.ts'
import { ApiKeyId, AuditId, ServerId } from '../ids.ts'

export const AuditEntry = z
  .object({
    id: AuditId,
    at: z.iso.datetime(),
    action: z.string(),
    actorId: z.string().nullable(),
    actorName: z.string(),
    apiKeyId: ApiKeyId.nullable().describe('The API key that they came with; null: another way.'),
    ip: z.string().nullable(),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

/** What narrows the log; every field that is given has to match. */
export const AuditFilter = z.object({
  action: z
    .string()
    .max(100)
    .optional()
    .describe('`server.start`, or `server.*` for all of a kind.'),
  targetId: z.string().max(100).optional(),
  actorId: z.string().max(100).optional(),
  from: z.iso.datetime().optional().describe('At or after this.'),
  to: z.iso.datetime().optional().describe('Before this.'),
})
export type AuditFilter = z.infer<typeof AuditFilter>

const targetName = z.string().nullable()

const Facet = z.object({ value: z.string(), name: z.string(), count: z.int() })

/** What was done to a thing or by somebody, for those whom it concerns: without addresses and values. */
export const Activity = AuditEntry.pick({ id: true, at: true, action: true, actorName: true })
  .extend({ targetType: z.string().nullable(), targetId: z.string().nullable() })
  .meta({ id: 'Activity' })
export type Activity = z.infer<typeof Activity>

export const audit = {
  list: endpoint({
    method: 'GET',
    path: '/api/admin/audit-logs',
    summary: 'What was done, by whom, newest first',
    tag: 'Audit',
    needs: 'admin.read',
    query: AuditFilter.extend(pageQuery),
    returns: z.array(
      AuditEntry.extend({
        targetName: targetName.describe('What it is called now; null: it is gone.'),
      }),
    ),
    paged: true,
  }),
  facets: endpoint({
    method: 'GET',
    path: '/api/admin/audit-logs/facets',
    summary: 'Which actions and actors the filtered log has, the most frequent first',
    tag: 'Audit',
    needs: 'admin.read',
    query: AuditFilter,
    returns: z.object({ actions: z.array(Facet), actors: z.array(Facet) }),
  }),
  ofServer: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/activity',
    summary: 'What was done to a server, newest first',
    tag: 'Audit',
    needs: 'activity.read',
    params: z.object({ serverId: ServerId }),
    query: z.object(pageQuery),
    returns: z.array(Activity),
    paged: true,
  }),
  own: endpoint({
    method: 'GET',
    path: '/api/auth/activity',
    summary: 'What was done as you, and who failed to sign in as you, newest first',
    tag: 'Audit',
    needs: 'account',
    query: z.object(pageQuery),
    returns: z.array(
      Activity.extend({
        ip: z.string().nullable(),
        byKey: z.boolean(),
        targetName: targetName.describe('What a server that you may see is called now.'),
      }),
    ),
    paged: true,
  }),
}

/** The filtered log as a file, oldest first: one line for each entry. */
export const auditExportPath = '/api/admin/audit-logs/export'
export const AuditExport = AuditFilter.extend({ format: z.enum(['csv', 'jsonl']).default('jsonl') })
