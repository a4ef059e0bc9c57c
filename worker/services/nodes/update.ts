import { eq } from 'drizzle-orm'
import type { nodes as endpoints, Node } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { readNode } from './present.ts'
import { checkSettings, settingsOf } from './settings.ts'

/** Ports and room that servers have already stay theirs; new limits hold for what comes. */
export async function updateNode(
  ctx: Ctx,
  { nodeId, ...given }: Input<typeof endpoints.update>,
): Promise<Node> {
  return inTransaction(ctx.db, async (tx) => {
    const before = settingsOf(await readNode(tx, nodeId))
    const after = withGiven(before, given)
    await checkSettings(tx, after)
    const change = tx.update(nodes).set(after).where(eq(nodes.id, nodeId))
    await refuseDuplicate(change, 'name_taken')
    const target = { type: 'node', id: nodeId } as const
    await audit(tx, ctx, { action: 'node.update', target, ...changesOf(before, after) })
    return readNode(tx, nodeId)
  })
}
