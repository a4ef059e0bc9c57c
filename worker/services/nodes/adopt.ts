import { eq } from 'drizzle-orm'
import type { nodes as endpoints, Node } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readNode } from './present.ts'

/**
 * [N3] The object alone keeps who holds the node, so it has to be told now.
 * @throws `node_unavailable`; the attempt is in the audit log all the same
 */
export async function adoptNode(
  ctx: Ctx,
  { nodeId }: Input<typeof endpoints.adopt>,
): Promise<Node> {
  await readNode(ctx.db, nodeId)
  await inTransaction(ctx.db, (tx) =>
    audit(tx, ctx, { action: 'node.adopt', target: { type: 'node', id: nodeId } }),
  )
  await ctx.nodes.of(nodeId).adopt()
  await ctx.db.update(nodes).set({ alert: null }).where(eq(nodes.id, nodeId))
  return readNode(ctx.db, nodeId)
}
