import { WorkerEntrypoint } from 'cloudflare:workers'
import type { NodeId } from '../contract/ids.ts'
import { failed, ok, type Result } from '../contract/result.ts'
import type { DesiredPull, LedgerEvent, LedgerRpc } from '../contract/rpc.ts'
import { isDatabaseFailure } from './db/client.ts'
import { depsOf } from './deps.ts'
import { readEnv } from './env.ts'
import type { Deps } from './services/context.ts'
import { applyEvents } from './services/ledger/apply.ts'
import { pullDesired } from './services/ledger/pull.ts'

/** The door by which objects reach libSQL. Bound to nothing outside: only `ctx.exports` leads here. */
export class Ledger extends WorkerEntrypoint implements LedgerRpc {
  apply(nodeId: NodeId, events: readonly LedgerEvent[]): Promise<Result<{ appliedTo: number }>> {
    return this.answer(async (deps) => {
      const applied = await applyEvents(deps, nodeId, events)
      this.ctx.waitUntil(deps.bell.ring())
      return applied
    })
  }

  pull(nodeId: NodeId, revision: number): Promise<Result<DesiredPull>> {
    return this.answer((deps) => pullDesired(deps, nodeId, revision))
  }

  /** Expected failures are answered; a class thrown across RPC would arrive without its code. */
  private async answer<T>(work: (deps: Deps) => Promise<T>): Promise<Result<T>> {
    const deps = depsOf(readEnv(this.env))
    try {
      return ok(await work(deps))
    } catch (error) {
      const code = isDatabaseFailure(error) ? 'database_unavailable' : 'internal'
      const reason = error instanceof Error ? error.name : typeof error
      deps.log.error('ledger_failed', { code, reason })
      return failed(code)
    }
  }
}
