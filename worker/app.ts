import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { AppError } from '../contract/errors.ts'
import type { Host } from './host.ts'
import { noteKeyUse } from './http/api-key-caller.ts'
import { mountAuditExport } from './http/audit-export.ts'
import { errorResponse } from './http/error-response.ts'
import { mountEvents, ringAfterChange } from './http/event-stream.ts'
import type { HonoEnv } from './http/hono-env.ts'
import { sendAfterAnswer } from './http/mail-after-answer.ts'
import type { Api } from './http/mount.ts'
import { withRateHeaders } from './http/rate-limit.ts'
import { withSecurityHeaders } from './http/security-headers.ts'
import { serveDocument } from './openapi.ts'
import { mountAll } from './routes.ts'
import { consoleLog, type Log } from './services/log.ts'
import { mountSockets } from './sockets.ts'
import { mountAssets } from './static-files.ts'

/**
 * The API and everything else the Worker answers.
 * @param open makes what one request stands on, from the platform's bindings
 */
export function createApp(open: (bindings: unknown) => Host): Api {
  const app: Api = new OpenAPIHono()
  app.use(withSecurityHeaders)
  app.use(async (c, next) => {
    const requestId = crypto.randomUUID()
    c.set('requestId', requestId)
    c.set('host', open(c.env))
    await next()
    if (c.res.status !== 101) c.header('x-request-id', requestId)
  })
  app.use('/api/*', async (c, next) => {
    await next()
    if (c.res.status === 101) return
    c.header('cache-control', 'no-store')
    // The platform's edge says the time by itself, a workerd without one does not; agents compare clocks.
    c.header('date', new Date(c.get('host').deps.clock.now()).toUTCString())
  })
  app.use('/api/*', withRateHeaders)
  app.use('/api/*', noteKeyUse)
  app.use('/api/*', ringAfterChange)
  app.use('/api/*', sendAfterAnswer)
  mountAll(app)
  mountEvents(app)
  mountAuditExport(app)
  mountSockets(app)
  mountAssets(app)
  serveDocument(app)
  app.notFound((c) => errorResponse(new AppError('not_found'), c, logOf(c)))
  app.onError((error, c) => errorResponse(error, c, logOf(c)))
  return app
}

/** Bindings that are wrong fail before there is a host. */
function logOf(c: Context<HonoEnv>): Log {
  const host: Host | undefined = c.get('host')
  return host?.deps.log ?? consoleLog
}
