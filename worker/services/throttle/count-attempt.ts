import { AppError } from '../../../contract/errors.ts'
import type { Deps } from '../context.ts'

/**
 * Counts an attempt at a secret, and refuses it where too many came before. To be called before anything is
 * looked up, so that whoever has to wait learns nothing and costs nothing.
 * @throws `too_many_attempts` with `retryAfterSeconds`, `throttle_unavailable`
 */
export async function countAttempt(
  { throttle }: Pick<Deps, 'throttle'>,
  names: readonly string[],
): Promise<void> {
  const attempt = await throttle.attempt(names)
  if (attempt.allowed) return
  const { retryAfterSeconds } = attempt
  throw new AppError('too_many_attempts', { retryAfterSeconds })
}
