import { WorkerEntrypoint } from 'cloudflare:workers'
import type { NodeId } from '../../contract/ids.ts'
import type { Result } from '../../contract/result.ts'
import type { DesiredPull, LedgerEvent, LedgerRpc } from '../../contract/rpc.ts'
import { ledgerDouble } from './ledger-double.ts'

export { NodeObject } from '../../durable-objects/node-object.ts'
export { Throttle } from '../../durable-objects/throttle.ts'

/** Stands for the Worker's entrypoint; each node has a ledger of its own, which the test holds. */
export class Ledger extends WorkerEntrypoint implements LedgerRpc {
  async apply(
    nodeId: NodeId,
    events: readonly LedgerEvent[],
  ): Promise<Result<{ appliedTo: number }>> {
    return ledgerDouble(nodeId).apply(events)
  }

  async pull(nodeId: NodeId, revision: number): Promise<Result<DesiredPull>> {
    return ledgerDouble(nodeId).pull(revision)
  }
}

export default {
  fetch: () => new Response(null, { status: 404 }),
} satisfies ExportedHandler
