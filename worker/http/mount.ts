import { createRoute, type OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import {
  type Endpoint,
  type Input,
  type Output,
  type Page,
  Pagination,
  takesIdempotencyKey,
} from '../../contract/endpoint.ts'
import { AppError, ErrorReply } from '../../contract/errors.ts'
import { suspendedInWords } from '../../contract/permission-table.ts'
import { Permission, permissions } from '../../contract/permissions.ts'
import type { Ctx } from '../services/context.ts'
import { authenticate } from './authenticate.ts'
import { issuesOf } from './error-response.ts'
import type { HonoEnv } from './hono-env.ts'
import { refuseNul } from './nul.ts'
import { idempotencyHeaders, once } from './once.ts'

export type Api = OpenAPIHono<HonoEnv>
export type Verb<E extends Endpoint> = (ctx: Ctx, input: Input<E>) => Promise<Output<E>>
export type ListVerb<E extends Endpoint> = (
  ctx: Ctx,
  input: Input<E>,
) => Promise<Page<Output<E> extends readonly (infer Item)[] ? Item : never>>

/** Registers an endpoint: who calls, may they, is the input right; then the verb, then the reply. */
export function mount<E extends Endpoint>(app: Api, endpoint: E, verb: Verb<E>): void {
  if (endpoint.paged) throw new Error(`${endpoint.path} is a paged list: use mountList`)
  register(app, endpoint, async (c, ctx) => {
    const input = inputOf(c, endpoint)
    return once(c, ctx, endpoint, input, async (named) => {
      const data = await verb(named, input)
      return { success: true, data }
    })
  })
}

/** Registers an endpoint that answers one page of a list. */
export function mountList<E extends Endpoint>(app: Api, endpoint: E, verb: ListVerb<E>): void {
  if (!endpoint.paged) throw new Error(`${endpoint.path} is not a paged list: use mount`)
  register(app, endpoint, async (c, ctx) => {
    const { items, pagination } = await verb(ctx, inputOf(c, endpoint))
    return c.json({ success: true, data: items, pagination }, endpoint.status)
  })
}

function register(
  app: Api,
  endpoint: Endpoint,
  answer: (c: Context<HonoEnv>, ctx: Ctx) => Promise<Response>,
): void {
  const guard: MiddlewareHandler<HonoEnv> = async (c, next) => {
    c.set('ctx', await authenticate(c, endpoint))
    await next()
  }
  const limit = bodyLimit({
    maxSize: endpoint.maxBodyBytes,
    onError: () => {
      throw new AppError('too_large')
    },
  })
  app.openapi(
    { ...routeOf(endpoint), middleware: [guard, limit] },
    (c) => answer(c, c.get('ctx')),
    (result) => {
      if (!result.success) throw new AppError('invalid_input', issuesOf(result.error))
    },
  )
}

/** The endpoint in the words of the API document. */
function routeOf(endpoint: Endpoint): RouteConfig {
  const { params, query, body } = endpoint
  const request = {
    ...(takesIdempotencyKey(endpoint) ? { headers: idempotencyHeaders } : {}),
    ...(hasFields(params) ? { params } : {}),
    ...(hasFields(query) ? { query } : {}),
    ...(hasFields(body)
      ? { body: { content: { 'application/json': { schema: body } }, required: true } }
      : {}),
  }
  return createRoute({
    method: methods[endpoint.method],
    path: endpoint.path.replaceAll(/:(\w+)/g, '{$1}'),
    summary: endpoint.summary,
    description: needsOf(endpoint),
    tags: [endpoint.tag],
    ...securityOf(endpoint),
    request,
    responses: {
      [endpoint.status]: {
        description: 'Done',
        content: { 'application/json': { schema: replySchema(endpoint) } },
      },
      default: {
        description: 'It failed: `code` says why',
        content: { 'application/json': { schema: ErrorReply } },
      },
    },
  })
}

/** Who may use it, in words. */
function needsOf({ needs }: Endpoint): string {
  const permission = Permission.safeParse(needs)
  if (!permission.success) return `Needs: ${needs.replace('_', ' ')}.`
  return `Needs: ${needs}.${suspendedInWords[permissions[permission.data].whileSuspended]}`
}

/** The document's own rule is that a session or an API key opens an endpoint. */
function securityOf({ needs }: Endpoint): Pick<RouteConfig, 'security'> {
  if (needs === 'public') return { security: [] }
  return needs === 'account' ? { security: [{ session: [] }, { bearer: [] }] } : {}
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const

function replySchema(endpoint: Endpoint) {
  const reply = { success: z.literal(true), data: endpoint.returns }
  return z.object(endpoint.paged ? { ...reply, pagination: Pagination } : reply)
}

function hasFields(schema: z.ZodObject): boolean {
  return Object.keys(schema.shape).length > 0
}

/**
 * What the validators left, as one flat object. They parsed it by the endpoint's own schemas, which is
 * more than the router's types can know here.
 */
function inputOf<E extends Endpoint>(c: Context<HonoEnv>, endpoint: E): Input<E> {
  const parsed = c.req as { valid(target: 'param' | 'query' | 'json'): object }
  const input = {
    ...(hasFields(endpoint.params) ? parsed.valid('param') : {}),
    ...(hasFields(endpoint.query) ? parsed.valid('query') : {}),
    ...(hasFields(endpoint.body) ? parsed.valid('json') : {}),
  }
  refuseNul(input)
  return input as Input<E>
}
