import { eq } from 'drizzle-orm'
import type { nodes as endpoints, Node } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { joinTokens, nodes } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { tell } from '../tell.ts'
import { tellKey } from './key.ts'
import { readNode } from './present.ts'

/** [N1] Join tokens that were made before go as well: whoever holds one could come back with it. */
export async function revokeNode(
  ctx: Ctx,
  { nodeId }: Input<typeof endpoints.revoke>,
): Promise<Node> {
  const node = await inTransaction(ctx.db, async (tx) => {
    await tx.update(nodes).set({ publicKey: null, keyPending: true }).where(eq(nodes.id, nodeId))
    await tx.delete(joinTokens).where(eq(joinTokens.nodeId, nodeId))
    const revoked = await readNode(tx, nodeId)
    await audit(tx, ctx, { action: 'node.revoke', target: { type: 'node', id: nodeId } })
    return revoked
  })

  await tell(ctx, 'key', () => tellKey(ctx, nodeId, null))
  return node
}
