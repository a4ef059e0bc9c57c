import type { MiddlewareHandler } from 'hono'
import type { HonoEnv } from './hono-env.ts'

/** The component library writes style attributes; every script is a file of ours. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** Headers of every answer of the Worker. Assets served past it carry the same from `_headers`. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
}

export const withSecurityHeaders: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next()
  if (c.res.status === 101) return // an upgrade's answer is the object's and cannot be changed
  for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value)
}
