import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { BrowserMark } from '../services/context.ts'
import type { HonoEnv } from './hono-env.ts'
import { keepsSecureCookies } from './origin.ts'

const secureName = '__Host-catalyst-browser'
/** Over plain http from another machine: browsers drop `Secure` cookies there. */
const plainName = 'catalyst-browser'

/** A cookie that no script reads and no other site sends along with a request of its own. */
export function browserMarkOf(c: Context<HonoEnv>): BrowserMark {
  const secure = keepsSecureCookies(c.req.raw)
  const name = secure ? secureName : plainName
  return {
    read: () => {
      const mark = getCookie(c, name)
      return mark !== undefined && /^[\w-]{43}$/.test(mark) ? mark : null
    },
    set: (mark, expiresAt) =>
      setCookie(c, name, mark, {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure,
        expires: new Date(expiresAt),
      }),
  }
}
