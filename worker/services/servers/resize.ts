import type { servers as endpoints, ServerDetail } from '../../../contract/api/servers.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { tellServer } from '../operations/deliver.ts'
import { raiseGeneration } from './desired.ts'
import { readDetail } from './detail.ts'
import { requireRoom, roomOf } from './place.ts'

/** A node may be too full for more, and is never too full for less. */
export async function resizeServer(
  ctx: Ctx,
  { serverId, ...given }: Input<typeof endpoints.resize>,
): Promise<ServerDetail> {
  const server = await allow(ctx, 'server.resize', serverId)
  const before = limitsOf(server)
  const after = withGiven(before, given)

  await inTransaction(ctx.db, async (tx) => {
    const grows =
      after.allocatedMemoryMb > before.allocatedMemoryMb ||
      after.allocatedCpuCores > before.allocatedCpuCores ||
      after.allocatedDiskMb > before.allocatedDiskMb
    if (grows) await requireRoom(tx, server, roomOf(after))
    await raiseGeneration(tx, server, { ...after, updatedAt: ctx.clock.now() })
    await audit(tx, ctx, {
      action: 'server.resize',
      target: { type: 'server', id: serverId },
      ...changesOf(before, after),
    })
  })

  await tellServer(ctx, server)
  return readDetail(ctx, serverId)
}

function limitsOf(server: ServerRow) {
  const { allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb, allocationLimit } = server
  return { allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb, allocationLimit }
}
