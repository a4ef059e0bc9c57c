import { toRuntimeError } from './docker-errors.ts'
import { RuntimeError } from './runtime.ts'

/** How long the engine may take to answer, in milliseconds. */
export const callLimits = {
  look: 10_000,
  create: 60_000,
  /** 500 published ports take about 15 s. */
  start: 90_000,
  remove: 90_000,
  write: 10_000,
  /** Without any news of a pull. */
  pullSilence: 120_000,
  /** One reading of a log. */
  log: 30_000,
} as const

/**
 * Makes one call to the engine and gives it up after `ms`: an engine that hangs must not hang the
 * agent.
 * @param what is named in the error, such as `start`
 * @throws {RuntimeError} always of this class
 */
export async function limited<T>(
  what: string,
  ms: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(
      new RuntimeError('timed_out', `The engine did not answer (${what}, ${ms / 1000} s).`),
    )
    giveUp.abort()
  }, ms)
  const answer = call(giveUp.signal)
  try {
    return await Promise.race([answer, late.promise])
  } catch (error) {
    // Once the limit has spoken, what the broken-off call says is of no interest.
    answer.catch(() => undefined)
    throw toRuntimeError(error)
  } finally {
    clearTimeout(timer)
  }
}
