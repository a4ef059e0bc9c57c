import type { Context } from 'hono'
import { apiKeyHeader } from '../../contract/api/api-keys.ts'
import type { Endpoint } from '../../contract/endpoint.ts'
import { AppError } from '../../contract/errors.ts'
import { allPermissions, permissions } from '../../contract/permissions.ts'
import { isSameSecret } from '../crypto.ts'
import { requireHolds } from '../services/access.ts'
import { looksLikeApiKey } from '../services/api-keys/key-text.ts'
import { findSession } from '../services/auth/recognise.ts'
import type { Caller, Ctx } from '../services/context.ts'
import type { Log } from '../services/log.ts'
import { callerByKey } from './api-key-caller.ts'
import { browserMarkOf } from './browser-mark.ts'
import type { HonoEnv } from './hono-env.ts'
import { originOf, refuseForeignOrigin, requireOwnOrigin } from './origin.ts'
import { limitRate } from './rate-limit.ts'
import { readSessionCookie, sessionCookieOf } from './session-cookie.ts'

const safeMethods = ['GET', 'HEAD']

/** What of an endpoint says who may come in. */
export type Door = Pick<Endpoint, 'needs'> & Partial<Pick<Endpoint, 'beforeTwoFactor'>>

/**
 * Finds out who calls and whether they may call this at all. A key or token in a header counts before the
 * cookie; a request that carries a bad one is nobody's, whatever cookie came with it.
 */
export async function authenticate(c: Context<HonoEnv>, door: Door): Promise<Ctx> {
  const { deps } = c.get('host')
  const ip = ipOf(c)
  const caller = door.needs === 'public' ? anonymous(c.req.raw) : await recognise(c, ip)
  // Before it is refused: what a key may not do is asked for as often as what it may.
  await limitRate(c, caller, ip)
  requireNeeds(caller, door)
  return {
    ...deps,
    caller,
    request: {
      id: c.get('requestId'),
      ip,
      userAgent: c.req.header('user-agent')?.slice(0, 300) ?? null,
      origin: originOf(c.req.raw),
    },
    cookie: sessionCookieOf(c),
    browserMark: browserMarkOf(c),
    besideAnswer: (work) => c.executionCtx.waitUntil(logged(work, deps.log)),
    once: null,
  }
}

async function logged(work: () => Promise<void>, log: Log): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.error('beside_answer_failed', {
      reason: error instanceof Error ? error.name : typeof error,
    })
  }
}

function ipOf(c: Context<HonoEnv>): string | null {
  return c.req.header('cf-connecting-ip') ?? null
}

function anonymous(request: Request): Caller {
  if (!safeMethods.includes(request.method)) refuseForeignOrigin(request)
  return nobody
}

async function recognise(c: Context<HonoEnv>, ip: string | null): Promise<Caller> {
  const { deps, operatorToken } = c.get('host')
  const authorization = c.req.header('authorization')
  const apiKey = c.req.header(apiKeyHeader)
  if (authorization !== undefined) {
    const bearer = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
    // Two that differ prove nothing of each other.
    if (bearer === undefined || (apiKey !== undefined && apiKey !== bearer)) return nobody
    if (operatorToken !== null && isSameSecret(bearer, operatorToken)) return operator
    return looksLikeApiKey(bearer) ? callerByKey(c, bearer, ip) : findSession(deps, bearer)
  }
  if (apiKey !== undefined) return callerByKey(c, apiKey, ip)
  const cookie = readSessionCookie(c)
  if (cookie === null) return nobody
  const isUpgrade = c.req.header('upgrade') !== undefined
  if (isUpgrade || !safeMethods.includes(c.req.method)) requireOwnOrigin(c.req.raw)
  return findSession(deps, cookie)
}

const nobody: Caller = { kind: 'anonymous' }
const operator: Caller = { kind: 'operator', permissions: allPermissions }

/**
 * Refuses whoever has not even signed in, and who lacks a right on the whole panel. Rights on one server
 * are checked by `allow`, once the server is known.
 */
function requireNeeds(caller: Caller, { needs, beforeTwoFactor = false }: Door): void {
  if (needs === 'public') return
  if (caller.kind === 'anonymous') throw new AppError('unauthenticated')
  if (caller.kind === 'user' && caller.mustSetUpTwoFactor && !beforeTwoFactor) {
    throw new AppError('two_factor_required')
  }
  if (needs === 'signed_in') return
  if (needs === 'account') {
    if (caller.kind !== 'user')
      throw new AppError('not_found', undefined, 'Only accounts have this.')
    if (caller.key !== null)
      throw new AppError('forbidden', undefined, 'Not with an API key: sign in.')
    return
  }
  if (permissions[needs].scope === 'panel') requireHolds(caller, needs)
}
