import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import { AppError, type ErrorReply } from '../../contract/errors.ts'
import { isDatabaseFailure } from '../db/client.ts'
import type { Log } from '../services/log.ts'
import type { HonoEnv } from './hono-env.ts'

/** Answers a failure. What was not expected goes to the log with the request's id, and nowhere else. */
export function errorResponse(error: unknown, c: Context<HonoEnv>, log: Log): Response {
  const requestId = c.get('requestId')
  const failure = expected(error)
  if (failure === null || failure.status >= 500) {
    log.error('request_failed', {
      requestId,
      method: c.req.method,
      path: c.req.path,
      code: failure?.code ?? 'internal',
      reason: reasonOf(error),
    })
  }
  const known = failure ?? new AppError('internal')
  // The table of errors holds only statuses that carry a body.
  const status = known.status as ContentfulStatusCode
  const waitSeconds = retryAfterOf(known)
  if (waitSeconds !== null) c.header('retry-after', String(waitSeconds))
  return c.json(replyOf(known, requestId), status)
}

/** The validator's issues, as `details` of `invalid_input`. */
export function issuesOf(error: z.core.$ZodError) {
  return error.issues.map(({ path, message }) => ({ path: path.map(String), message }))
}

/** What a client reads of an expected failure. */
export function replyOf(error: AppError, requestId: string): ErrorReply {
  const reply = { success: false, error: error.message, code: error.code, requestId } as const
  if (error.details === undefined) return reply
  // A suspended server is answered as the original Catalyst did: both fields beside the code.
  if (error.code === 'server_suspended' && isObject(error.details)) {
    return { ...reply, ...error.details }
  }
  return { ...reply, details: error.details }
}

/** How long to wait before asking again, in seconds; null where the failure does not say. */
function retryAfterOf({ details }: AppError): number | null {
  if (!isObject(details) || !('retryAfterSeconds' in details)) return null
  return typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : null
}

function expected(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (isDatabaseFailure(error)) return new AppError('database_unavailable')
  if (!(error instanceof HTTPException)) return null
  switch (error.status) {
    case 400:
      return new AppError('invalid_json')
    case 413:
      return new AppError('too_large')
    case 415:
      return new AppError('unsupported_media_type')
    default:
      return null
  }
}

/** Messages of failed statements hold their parameters, which may be secret: only the cause is told. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if (error.message.startsWith('Failed query') && error.cause instanceof Error) {
    return reasonOf(error.cause)
  }
  return `${error.name}: ${error.message}`.slice(0, 500)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
