import { eq } from 'drizzle-orm'
import type { AllocationId, ServerId } from '../../contract/ids.ts'
import { allocations, servers } from '../../worker/db/schema/servers.ts'
import { newId } from '../../worker/services/context.ts'
import type { World } from './world.ts'

/** As `validInputs`, for the ports of servers. */
export function allocationInputs(
  w: World,
  aServer: () => Promise<{ readonly serverId: ServerId }>,
) {
  const anAllocation = async () => {
    const { serverId } = await aServer()
    return { serverId, allocation: await anotherPort(w, serverId) }
  }
  return {
    'allocations.list': aServer,
    'allocations.offers': aServer,
    'allocations.create': async () => {
      const { serverId } = await aServer()
      await w.deps.db.update(servers).set({ allocationLimit: 2 }).where(eq(servers.id, serverId))
      return { serverId, notes: 'for queries' }
    },
    'allocations.update': async () => ({ ...(await anAllocation()), notes: 'for queries' }),
    'allocations.delete': anAllocation,
    'allocations.makePrimary': async () => {
      const { serverId, allocation } = await anAllocation()
      return { serverId, allocationId: allocation }
    },
  } satisfies Record<string, () => Promise<Record<string, unknown>>>
}

/** A port of the server beside its primary one, past the API. */
export async function anotherPort(
  w: World,
  serverId: ServerId,
  change: Partial<typeof allocations.$inferInsert> = {},
): Promise<AllocationId> {
  const [server] = await w.deps.db.select().from(servers).where(eq(servers.id, serverId))
  if (server === undefined) throw new Error('no such server')
  const id = newId<AllocationId>(w.deps)
  await w.deps.db.insert(allocations).values({
    ...{ id, serverId, nodeId: server.nodeId, ip: '0.0.0.0', protocol: 'both' },
    ...{ port: 27_015, containerPort: 27_015, isPrimary: false },
    ...change,
  })
  return id
}
