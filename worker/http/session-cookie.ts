import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { SessionCookie } from '../services/context.ts'
import type { HonoEnv } from './hono-env.ts'
import { keepsSecureCookies } from './origin.ts'

const secureName = '__Host-catalyst'
/** Over plain http from another machine: browsers drop `Secure` cookies there. */
const plainName = 'catalyst'

/** The session token that came in a cookie. */
export function readSessionCookie(c: Context<HonoEnv>): string | null {
  return getCookie(c, secureName) ?? getCookie(c, plainName) ?? null
}

export function sessionCookieOf(c: Context<HonoEnv>): SessionCookie {
  const secure = keepsSecureCookies(c.req.raw)
  const name = secure ? secureName : plainName
  return {
    set: (token, expiresAt) =>
      setCookie(c, name, token, {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure,
        ...(expiresAt === null ? {} : { expires: new Date(expiresAt) }),
      }),
    clear: () => {
      deleteCookie(c, secureName, { path: '/', secure: true })
      deleteCookie(c, plainName, { path: '/' })
    },
  }
}
