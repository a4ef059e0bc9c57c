import { and, asc, eq, like, lt } from 'drizzle-orm'
import { NodeId } from '../../../contract/ids.ts'
import { meta, operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { Deps } from '../context.ts'
import { forgetNode } from '../nodes/forget.ts'
import { tellKey } from '../nodes/key.ts'
import { deliver } from '../operations/deliver.ts'
import { tell } from '../tell.ts'

const submittingAtMostMs = 30_000
/** A run ends well within the minute; what it leaves is taken up by the next. */
const perRun = 50

/** [Q1] Operations that were committed and of which the node's object may never have heard. */
export async function repeatDeliveries(deps: Deps): Promise<void> {
  const since = deps.clock.now() - submittingAtMostMs
  const waiting = await deps.db
    .select()
    .from(operations)
    .where(and(eq(operations.state, 'submitting'), lt(operations.createdAt, since)))
    .orderBy(asc(operations.createdAt))
    .limit(perRun)
  for (const operation of waiting) {
    await tell(deps, operation.kind, () => deliver(deps, operation))
  }
}

/** [N1] Keys that were set or thrown away while the object could not be told. */
export async function repeatKeys(deps: Deps): Promise<void> {
  const pending = await deps.db
    .select({ id: nodes.id, publicKey: nodes.publicKey })
    .from(nodes)
    .where(eq(nodes.keyPending, true))
    .limit(perRun)
  for (const { id, publicKey } of pending) {
    await tell(deps, 'key', () => tellKey(deps, id, publicKey))
  }
}

/** Deleted nodes whose object could not be emptied. */
export async function repeatForgetting(deps: Deps): Promise<void> {
  const noted = await deps.db
    .select({ key: meta.key })
    .from(meta)
    .where(like(meta.key, 'forget:%'))
    .limit(perRun)
  for (const { key } of noted) {
    const nodeId = NodeId.parse(key.slice('forget:'.length))
    await tell(deps, 'forget', () => forgetNode(deps, nodeId))
  }
}
