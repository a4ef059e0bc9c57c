import type { MiddlewareHandler } from 'hono'
import { sendWritten } from '../services/mail/send.ts'
import type { HonoEnv } from './hono-env.ts'

/** Mail that a request has written goes out once it is answered: a mail server may take its time. */
export const sendAfterAnswer: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next()
  const { deps } = c.get('host')
  if (deps.mail.written.length === 0) return
  c.executionCtx.waitUntil(
    sendWritten(deps, deps.mail.written).catch((error: unknown) => {
      // The watchdog takes it up.
      deps.log.error('mail_not_sent', {
        reason: error instanceof Error ? error.name : typeof error,
      })
    }),
  )
}
