import * as z from 'zod'
import { apiKeyHeader } from '../contract/api/api-keys.ts'
import { AuditEntry, AuditExport, auditExportPath } from '../contract/api/audit.ts'
import { ErrorReply } from '../contract/errors.ts'
import { eventsPath, LastEventId, lastEventIdHeader, PanelEvent } from '../contract/events.ts'
import { permissionList } from '../contract/permission-table.ts'
import type { Api } from './http/mount.ts'
import { version } from './version.ts'

/** Serves the API's own description, made from the endpoint table. */
export function serveDocument(app: Api): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-catalyst',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, or the token that signing in answers.',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: apiKeyHeader,
    description:
      'An API key. It does what its scopes say, as far as its account may do so at that moment; what is for the account alone (password, sessions, keys) it cannot.',
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: eventsPath,
    summary: 'What changes of all that you may see, as Server-Sent Events',
    description: `Needs: signed in. The data of each event is a PanelEvent: the newest state of one thing. A client that comes back gives the id of the last event it heard and misses nothing. Streams end after a quarter of an hour.`,
    tags: ['Operations'],
    request: { headers: z.object({ [lastEventIdHeader]: LastEventId.optional() }) },
    responses: {
      200: { description: 'The stream', content: { 'text/event-stream': { schema: PanelEvent } } },
      default: {
        description: 'It failed: `code` says why',
        content: { 'application/json': { schema: ErrorReply } },
      },
    },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: auditExportPath,
    summary: 'The filtered audit log as a file, oldest first',
    description: 'Needs: admin.read.',
    tags: ['Audit'],
    request: { query: AuditExport },
    responses: {
      200: {
        description: 'One line for each entry',
        content: {
          'application/x-ndjson': { schema: AuditEntry },
          'text/csv': { schema: z.string() },
        },
      },
      default: {
        description: 'It failed: `code` says why',
        content: { 'application/json': { schema: ErrorReply } },
      },
    },
  })
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Catalyst',
      version,
      description: [
        'Everything the panel does, it does through this API. Requests with an API key, and those of nobody, are limited: `RateLimit-Policy` and `RateLimit` say how many are left, and a 429 says in `Retry-After` how many seconds to wait.',
        '',
        '# Permissions',
        '',
        ...permissionList(),
      ].join('\n'),
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { bearer: [] }, { apiKey: [] }],
  })
}
