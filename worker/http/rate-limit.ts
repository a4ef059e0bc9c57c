import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '../../contract/errors.ts'
import type { Caller, PanelPolicy } from '../services/context.ts'
import { apiKeyName, visitorName } from '../services/throttle/names.ts'
import type { HonoEnv } from './hono-env.ts'

const windowSeconds = 60
/** One address may stand for a whole office, and what nobody may ask for costs little. */
const visitorsFactor = 3

/**
 * Counts a request by its API key, or by its address where nobody is recognised; once, however often its
 * caller is looked at. Sessions are not counted: a page of the panel asks in bursts, its user can be shut
 * out by name, and floods are the edge's to stop. Neither is the operator, who is whoever runs the panel.
 * @throws `rate_limited` with `retryAfterSeconds`
 */
export async function limitRate(
  c: Context<HonoEnv>,
  caller: Caller,
  ip: string | null,
): Promise<void> {
  if (c.get('counted') !== undefined) return
  const { throttle, policy } = c.get('host').deps
  const rule = ruleFor(caller, ip, policy)
  const verdict = rule === null ? null : await throttle.take(rule.name, rule.limit)
  c.set('counted', rule === null || verdict === null ? null : { ...rule, verdict })
  if (verdict === null || verdict.allowed) return
  throw new AppError('rate_limited', { retryAfterSeconds: verdict.resetSeconds })
}

function ruleFor(caller: Caller, ip: string | null, { apiRequestsPerMinute }: PanelPolicy) {
  if (caller.kind === 'anonymous') {
    const name = visitorName(ip)
    const quota = apiRequestsPerMinute * visitorsFactor
    return name === null ? null : { policy: 'visitor', name, limit: { quota, windowSeconds } }
  }
  if (caller.kind !== 'user' || caller.key === null) return null
  const limit = { quota: apiRequestsPerMinute, windowSeconds }
  return { policy: 'api-key', name: apiKeyName(caller.key.id), limit }
}

/** Tells in each answer what was counted, in the fields of draft-ietf-httpapi-ratelimit-headers. */
export const withRateHeaders: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next()
  const counted = c.get('counted')
  if (!counted || c.res.status === 101) return
  const { policy, limit, verdict } = counted
  c.header('ratelimit-policy', `"${policy}";q=${limit.quota};w=${limit.windowSeconds}`)
  c.header('ratelimit', `"${policy}";r=${verdict.remaining};t=${verdict.resetSeconds}`)
}
