import type { pools as endpoints, IpPool } from '../../../contract/api/pools.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { Ctx } from '../context.ts'
import { readNode } from '../nodes/present.ts'
import { readPools } from './present.ts'

export async function listPools(
  { db }: Ctx,
  { nodeId }: Input<typeof endpoints.list>,
): Promise<IpPool[]> {
  await readNode(db, nodeId)
  return readPools(db, nodeId)
}
