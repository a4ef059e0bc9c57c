import { failed, type Result } from '../contract/result.ts'
import type { LedgerRpc } from '../contract/rpc.ts'
import { within } from './deadline.ts'

/** How long the Worker may take to answer; what did not answer is asked again. Milliseconds. */
const answerWithin = 30_000

/**
 * The Worker's `Ledger` entrypoint, by which alone an object reaches libSQL. The cast stands here because
 * which program exports the entrypoint is known only when it is built.
 */
export function ledgerOf(exports: unknown): LedgerRpc {
  return (exports as { readonly Ledger: LedgerRpc }).Ledger
}

/** Asks the ledger; an answer that does not come, or is thrown, is a failure like any other. */
export async function asked<T>(question: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return (
      (await within(answerWithin, question)) ??
      failed('database_unavailable', { reason: 'no answer' })
    )
  } catch (error) {
    return failed('database_unavailable', { reason: String(error) })
  }
}
