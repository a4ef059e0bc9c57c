import type {
  allocations as endpoints,
  ServerAllocation,
} from '../../../contract/api/allocations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { AllocationId } from '../../../contract/ids.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { audited, changePorts, readPorts, withId } from './change.ts'
import { atMostFor, requireOffered } from './self-service.ts'
import { takePort } from './take.ts'
import { toWish } from './wishes.ts'

/** @throws what `takePort` and `requireOffered` throw */
export async function createAllocation(
  ctx: Ctx,
  { serverId, ...given }: Input<typeof endpoints.create>,
): Promise<ServerAllocation> {
  const wish = toWish(given)
  let made: AllocationId | undefined
  const list = await changePorts(ctx, 'allocation.create', serverId, async (tx, server) => {
    await requireOffered(tx, ctx, server, wish)
    const isFirst = (await readPorts(tx, serverId)).length === 0
    const taker = { nodeId: server.nodeId, serverId, atMost: atMostFor(ctx, server) }
    const row = await takePort(tx, ctx, taker, wish, isFirst)
    made = row.id
    const target = { type: 'server', id: serverId } as const
    await audit(tx, ctx, { action: 'allocation.create', target, after: audited(row) })
  })
  if (made === undefined) throw new Error('no port was taken')
  return withId(list, made)
}
