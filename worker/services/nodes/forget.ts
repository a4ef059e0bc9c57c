import { eq } from 'drizzle-orm'
import type { NodeId } from '../../../contract/ids.ts'
import { meta } from '../../db/schema/activity.ts'
import type { Deps } from '../context.ts'

/** Empties a deleted node's object, which shuts its agent out, and strikes it off the list. */
export async function forgetNode(deps: Deps, nodeId: NodeId): Promise<void> {
  await deps.nodes.of(nodeId).forget()
  await deps.db.delete(meta).where(eq(meta.key, `forget:${nodeId}`))
}
