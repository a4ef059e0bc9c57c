import type { Context } from 'hono'
import type { Needs } from '../../contract/endpoint.ts'
import { AppError } from '../../contract/errors.ts'
import { permissions, rolePermissions } from '../../contract/permissions.ts'
import { isSameSecret } from '../crypto.ts'
import { holds } from '../services/access.ts'
import { findSession } from '../services/auth/sessions.ts'
import type { Caller, Ctx } from '../services/context.ts'
import type { HonoEnv } from './hono-env.ts'
import { originOf, refuseForeignOrigin, requireOwnOrigin } from './origin.ts'
import { readSessionCookie, sessionCookieOf } from './session-cookie.ts'

const safeMethods = ['GET', 'HEAD']

/**
 * Finds out who calls and whether they may call this at all. A bearer token counts before the cookie; a
 * request that carries a bad bearer is nobody's, whatever cookie came with it.
 */
export async function authenticate(c: Context<HonoEnv>, needs: Needs): Promise<Ctx> {
  const { deps, operatorToken } = c.get('host')
  const caller =
    needs === 'public'
      ? anonymous(c.req.raw)
      : await recognise(c, operatorToken, (token) => findSession(deps, token))
  if (needs !== 'public') requireNeeds(caller, needs)
  return {
    ...deps,
    caller,
    request: {
      id: c.get('requestId'),
      ip: c.req.header('cf-connecting-ip') ?? null,
      userAgent: c.req.header('user-agent')?.slice(0, 300) ?? null,
      origin: originOf(c.req.raw),
    },
    cookie: sessionCookieOf(c),
    once: null,
  }
}

function anonymous(request: Request): Caller {
  if (!safeMethods.includes(request.method)) refuseForeignOrigin(request)
  return { kind: 'anonymous' }
}

async function recognise(
  c: Context<HonoEnv>,
  operatorToken: string | null,
  sessionOf: (token: string) => Promise<Caller>,
): Promise<Caller> {
  const authorization = c.req.header('authorization')
  if (authorization !== undefined) {
    const bearer = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
    if (bearer === undefined) return { kind: 'anonymous' }
    if (operatorToken !== null && isSameSecret(bearer, operatorToken)) return operator
    return sessionOf(bearer)
  }
  const cookie = readSessionCookie(c)
  if (cookie === null) return { kind: 'anonymous' }
  const isUpgrade = c.req.header('upgrade') !== undefined
  if (isUpgrade || !safeMethods.includes(c.req.method)) requireOwnOrigin(c.req.raw)
  return sessionOf(cookie)
}

const operator: Caller = { kind: 'operator', permissions: rolePermissions('admin') }

/**
 * Refuses whoever has not even signed in, and who lacks a right on the whole panel. Rights on one server
 * are checked by `allow`, once the server is known.
 */
function requireNeeds(caller: Caller, needs: Exclude<Needs, 'public'>): void {
  if (caller.kind === 'anonymous') throw new AppError('unauthenticated')
  if (needs === 'signed_in' || permissions[needs].scope === 'server') return
  if (!holds(caller, needs)) throw new AppError('forbidden')
}
