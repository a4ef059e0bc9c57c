import type { NodeId } from '../../../contract/ids.ts'
import type { DesiredPull } from '../../../contract/rpc.ts'
import type { Deps } from '../context.ts'
import { readPushesAfter } from '../servers/desired.ts'

/** [L3] Every server of a node that changed after a revision, oldest change first. */
export async function pullDesired(
  { db }: Pick<Deps, 'db'>,
  nodeId: NodeId,
  revision: number,
): Promise<DesiredPull> {
  const { pushes, revision: newest } = await readPushesAfter(db, nodeId, revision)
  return { revision: newest, servers: pushes }
}
