import type { NodeId } from '../../../contract/ids.ts'
import type { DesiredPull } from '../../../contract/rpc.ts'
import type { Deps } from '../context.ts'
import { readPushesAfter } from '../servers/desired.ts'

/** A spec is at most a frame, 256 KiB: so many fit the 32 MiB of a call between Worker and object. */
const perAnswer = 100

/** [L3] The servers of a node that changed after a revision, oldest change first, a page at a time. */
export async function pullDesired(
  { db }: Pick<Deps, 'db'>,
  nodeId: NodeId,
  revision: number,
): Promise<DesiredPull> {
  const { pushes, revision: newest } = await readPushesAfter(db, nodeId, revision, perAnswer)
  const last = pushes.length < perAnswer ? undefined : pushes.at(-1)
  if (last === undefined) return { revision: newest, servers: pushes, more: false }
  return { revision: last.revision, servers: pushes, more: last.revision < newest }
}
