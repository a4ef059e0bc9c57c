import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '../../contract/errors.ts'
import { isFrom } from '../services/api-keys/addresses.ts'
import { isWholeApiKey } from '../services/api-keys/key-text.ts'
import { keyUseOf, noteUse } from '../services/api-keys/note-use.ts'
import { findByApiKey } from '../services/auth/recognise.ts'
import type { Caller } from '../services/context.ts'
import type { HonoEnv } from './hono-env.ts'
import { limitRate } from './rate-limit.ts'

const nobody: Caller = { kind: 'anonymous' }

/**
 * The account behind an API key, with what the key leaves of its rights.
 * @throws `address_not_allowed`
 */
export async function callerByKey(
  c: Context<HonoEnv>,
  key: string,
  ip: string | null,
): Promise<Caller> {
  if (!isWholeApiKey(key)) return nobody
  const { deps } = c.get('host')
  const found = await findByApiKey(deps, key)
  if (found === null) return nobody
  const { caller, row } = found
  if (!isFrom(row.addresses, ip)) {
    // As nobody's: whoever has stolen the key must not use up what its holder may ask.
    await limitRate(c, nobody, ip)
    throw new AppError('address_not_allowed')
  }
  c.set('keyUse', keyUseOf(row, deps.clock.now(), ip))
  return caller
}

/** When a key was last used is written once the request is answered. */
export const noteKeyUse: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next()
  const use = c.get('keyUse')
  if (use) c.executionCtx.waitUntil(noteUse(c.get('host').deps, use))
}
