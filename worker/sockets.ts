import type { Context } from 'hono'
import { apiKeyHeader } from '../contract/api/api-keys.ts'
import { AppError } from '../contract/errors.ts'
import { NodeId, ServerId } from '../contract/ids.ts'
import { objectHeaders, objectPaths } from '../contract/rpc.ts'
import type { ServerRow } from './db/schema/servers.ts'
import { authenticate } from './http/authenticate.ts'
import type { HonoEnv } from './http/hono-env.ts'
import type { Api } from './http/mount.ts'
import { allow } from './services/access.ts'
import { closeWatchersOn } from './services/auth/close-watchers.ts'
import type { Caller, Ctx } from './services/context.ts'
import { kindsSeenOn } from './services/operations/rights.ts'

/** The two doors that end in a socket of a node's object. */
export function mountSockets(app: Api): void {
  app.get('/api/agent/connect', connectAgent)
  app.get('/api/servers/:serverId/socket', connectBrowser)
}

/** No database: an agent must get in while libSQL is away. Its object asks for a signature [N3]. */
async function connectAgent(c: Context<HonoEnv>): Promise<Response> {
  requireUpgrade(c)
  const nodeId = NodeId.safeParse(c.req.header(objectHeaders.node))
  if (!nodeId.success) throw new AppError('unauthenticated')
  const request = handOver(c.req.raw, objectPaths.agent, { [objectHeaders.node]: nodeId.data })
  return c.get('host').deps.nodes.of(nodeId.data).connect(request)
}

async function connectBrowser(c: Context<HonoEnv>): Promise<Response> {
  const ctx = await authenticate(c, { needs: 'console.read' })
  requireUpgrade(c)
  const serverId = ServerId.safeParse(c.req.param('serverId'))
  if (!serverId.success) throw new AppError('not_found')
  const server = await allow(ctx, 'console.read', serverId.data)
  const { caller } = ctx
  const request = handOver(c.req.raw, objectPaths.browser, {
    [objectHeaders.node]: server.nodeId,
    [objectHeaders.server]: server.id,
    [objectHeaders.user]: caller.kind === 'user' ? caller.id : caller.kind,
    [objectHeaders.kinds]: kindsSeenOn(caller, server).join(','),
    ...endOf(caller),
  })
  const response = await ctx.nodes.of(server.nodeId).connect(request)
  c.executionCtx.waitUntil(closeIfRevoked(c, ctx, server))
  return response
}

/** A socket lasts no longer than the session or key that opened it. */
function endOf(caller: Caller): Record<string, string> {
  const endsAt = caller.kind === 'user' ? caller.endsAt : null
  return endsAt === null ? {} : { [objectHeaders.expires]: String(endsAt) }
}

/**
 * Asked once more when the object has the socket: a right that was taken away in between had its consoles
 * closed before this one was there.
 */
async function closeIfRevoked(
  c: Context<HonoEnv>,
  ctx: Ctx,
  { id, nodeId }: Pick<ServerRow, 'id' | 'nodeId'>,
): Promise<void> {
  const { caller } = ctx
  if (caller.kind !== 'user') return
  try {
    await allow(await authenticate(c, { needs: 'console.read' }), 'console.read', id)
  } catch (error) {
    if (!(error instanceof AppError)) ctx.log.error('socket_unchecked', { reason: String(error) })
    await closeWatchersOn(ctx, [nodeId], [caller.id])
  }
}

function requireUpgrade(c: Context<HonoEnv>): void {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    const sentence = 'This is a socket: send an upgrade to websocket.'
    throw new AppError('invalid_input', undefined, sentence)
  }
}

/**
 * The request as the object gets it: what we have checked in headers of ours, and nothing by which a
 * caller could pretend to it or that the object has no business with.
 */
function handOver(request: Request, path: string, said: Readonly<Record<string, string>>): Request {
  const headers = new Headers(request.headers)
  for (const name of [...headers.keys()]) {
    if (name.startsWith('x-catalyst-')) headers.delete(name)
  }
  headers.delete('cookie')
  headers.delete('authorization')
  headers.delete(apiKeyHeader)
  for (const [name, value] of Object.entries(said)) headers.set(name, value)
  return new Request(`https://node${path}`, { headers })
}
