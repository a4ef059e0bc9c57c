import { AppError } from '../../contract/errors.ts'
import { isDatabaseFailure } from '../db/client.ts'
import type { Deps } from './context.ts'

/**
 * Tells a node's object what is committed already. That it cannot be told now does not undo anything:
 * the object pulls what it missed, and the watchdog says the rest again.
 */
export async function tell(
  { log }: Pick<Deps, 'log'>,
  what: string,
  telling: () => Promise<unknown>,
): Promise<void> {
  try {
    await telling()
  } catch (error) {
    if (!(error instanceof AppError) && !isDatabaseFailure(error)) throw error
    const code = error instanceof AppError ? error.code : 'database_unavailable'
    log.error('node_not_told', { what, code })
  }
}
