import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import * as z from 'zod'
import {
  Accepted,
  type Endpoint,
  IdempotencyKey,
  idempotencyHeader,
  takesIdempotencyKey,
} from '../../contract/endpoint.ts'
import { AppError } from '../../contract/errors.ts'
import { fingerprintOf, hashToken } from '../crypto.ts'
import type { Caller, Ctx, NamedRequest } from '../services/context.ts'
import { type Answer, type Earlier, findEarlier, keepAnswer } from '../services/idempotency.ts'
import { replyOf } from './error-response.ts'
import type { HonoEnv } from './hono-env.ts'

/** What the API's document says of the header, and what checks it. */
export const idempotencyHeaders = z.object({
  [idempotencyHeader]: IdempotencyKey.optional().describe(
    'Names this request, so that it changes something once however often it is sent. The same key with the same request is answered as the first time, for 24 hours, and `idempotency-replayed: true` says so.',
  ),
})

/**
 * Answers a request by `work`, or as an earlier request with the same `Idempotency-Key` was answered.
 * The key is taken by the very transaction that makes the change (`claimKey`): a request that changed
 * nothing, because it was refused or broke off, may be sent again.
 */
export async function once(
  c: Context<HonoEnv>,
  ctx: Ctx,
  endpoint: Endpoint,
  input: object,
  work: (ctx: Ctx) => Promise<unknown>,
): Promise<Response> {
  const named = takesIdempotencyKey(endpoint) ? nameOf(c, ctx, input) : null
  if (named === null) return c.json(await work(ctx), endpoint.status)
  const earlier = await findEarlier(ctx, named)
  if (earlier !== null) return answerAgain(c, endpoint, earlier)
  try {
    const reply = await work({ ...ctx, once: named })
    if (!endpoint.secret) await keepAnswer(ctx, named, { status: endpoint.status, reply })
    return c.json(reply, endpoint.status)
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    const answer = { status: error.status, reply: replyOf(error, ctx.request.id) }
    if (await keepAnswer(ctx, named, answer)) throw error
    // Its twin may have been quicker, and be the very reason for the refusal.
    const twin = await findEarlier(ctx, named)
    if (twin === null) throw error
    return answerAgain(c, endpoint, twin)
  }
}

function nameOf(c: Context<HonoEnv>, { caller }: Ctx, input: object): NamedRequest | null {
  const key = c.req.header(idempotencyHeader)
  if (key === undefined) return null
  const asked = JSON.stringify([c.req.method, c.req.path, input])
  return {
    caller: namedAs(caller),
    keyHash: hashToken(key),
    fingerprint: fingerprintOf(key, asked),
  }
}

/** A key of an account may hold fewer rights than another of its keys: their names are apart. */
function namedAs(caller: Caller): string {
  if (caller.kind !== 'user') return caller.kind
  return caller.key === null ? caller.id : `${caller.id}/${caller.key.id}`
}

/** @throws `idempotency_done` when nothing but the change itself is known */
function answerAgain(c: Context<HonoEnv>, endpoint: Endpoint, earlier: Earlier): Response {
  const { status, reply } = answerOf(endpoint, earlier)
  // Only answers of `once` are kept, and each of those carries a body.
  return c.json(reply, status as ContentfulStatusCode, { 'idempotency-replayed': 'true' })
}

function answerOf(endpoint: Endpoint, earlier: Earlier): Answer {
  if ('answer' in earlier) return earlier.answer
  const { operationId, targetType, targetId } = earlier.done
  if (operationId !== null && endpoint.returns === Accepted) {
    return { status: endpoint.status, reply: { success: true, data: { operationId } } }
  }
  throw new AppError('idempotency_done', { operationId, targetType, targetId })
}
