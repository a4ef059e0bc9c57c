import { and, eq, isNull } from 'drizzle-orm'
import type { NodeId } from '../../../contract/ids.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'

/**
 * Tells the node's object which key opens it, and notes that it was told. Repeated by the watchdog until
 * it is: a key that was thrown away must not go on working.
 */
export async function tellKey(deps: Deps, nodeId: NodeId, publicKey: string | null): Promise<void> {
  await deps.nodes.of(nodeId).setKey(publicKey)
  const isSame = publicKey === null ? isNull(nodes.publicKey) : eq(nodes.publicKey, publicKey)
  await deps.db
    .update(nodes)
    .set({ keyPending: false })
    .where(and(eq(nodes.id, nodeId), isSame))
}
