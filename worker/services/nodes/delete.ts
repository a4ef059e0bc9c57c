import { eq } from 'drizzle-orm'
import type { nodes as endpoints } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { setMeta } from '../../db/meta.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { tell } from '../tell.ts'
import { forgetNode } from './forget.ts'
import { readNode } from './present.ts'

/** The row goes at once; that the object has still to be emptied stays noted until it is. */
export async function deleteNode(
  ctx: Ctx,
  { nodeId }: Input<typeof endpoints.delete>,
): Promise<Record<never, never>> {
  await inTransaction(ctx.db, async (tx) => {
    const { name, serverCount } = await readNode(tx, nodeId)
    if (serverCount > 0) throw new AppError('in_use', { servers: serverCount })
    await tx.delete(nodes).where(eq(nodes.id, nodeId))
    await setMeta(tx, `forget:${nodeId}`, String(ctx.clock.now()))
    const target = { type: 'node', id: nodeId } as const
    await audit(tx, ctx, { action: 'node.delete', target, before: { name } })
  })

  await tell(ctx, 'forget', () => forgetNode(ctx, nodeId))
  return {}
}
