import type { NodeId, PoolId } from '../../contract/ids.ts'
import { ipPools } from '../../worker/db/schema/fleet.ts'
import { newId } from '../../worker/services/context.ts'
import { anotherPort } from './allocation-inputs.ts'
import type { World } from './world.ts'

/** As `validInputs`, for what nodes give away. */
export function poolInputs(w: World) {
  const aNode = async () => ({ nodeId: (await w.addNode()).id })
  const onePool = async () => {
    const { nodeId } = await aNode()
    return { nodeId, poolId: await aPool(w, nodeId) }
  }
  return {
    'pools.list': aNode,
    'pools.create': async () => ({
      ...(await aNode()),
      addresses: ['192.0.2.0/28'],
      ports: ['27000-27050'],
    }),
    'pools.update': async () => ({ ...(await onePool()), alias: 'front' }),
    'pools.delete': onePool,
    'nodes.updateAllocation': async () => {
      const { id, nodeId } = await w.addServer()
      return { nodeId, allocationId: await anotherPort(w, id), publicHost: 'tunnel.example.org' }
    },
  } satisfies Record<string, () => Promise<Record<string, unknown>>>
}

/** A pool of one address and eleven ports that owners may take, past the API. */
export async function aPool(
  w: World,
  nodeId: NodeId,
  change: Partial<typeof ipPools.$inferInsert> = {},
): Promise<PoolId> {
  const id = newId<PoolId>(w.deps)
  await w.deps.db.insert(ipPools).values({
    ...{ id, nodeId, cidr: '192.0.2.1', portFrom: 27_000, portTo: 27_010, selfService: true },
    ...change,
  })
  return id
}
