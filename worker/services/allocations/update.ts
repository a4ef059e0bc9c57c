import { eq } from 'drizzle-orm'
import type {
  allocations as endpoints,
  ServerAllocation,
} from '../../../contract/api/allocations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { AllocationId } from '../../../contract/ids.ts'
import { type AllocationRow, allocations } from '../../db/schema/servers.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { changesOf, withGiven } from '../given.ts'
import { changePorts, findPort, readPorts, withId } from './change.ts'
import { variableTaken } from './take.ts'

export async function updateAllocation(
  ctx: Ctx,
  { serverId, allocation, ...given }: Input<typeof endpoints.update>,
): Promise<ServerAllocation> {
  let changed: AllocationId | undefined
  const list = await changePorts(ctx, 'allocation.update', serverId, async (tx) => {
    const own = await readPorts(tx, serverId)
    const row = findPort(own, allocation)
    const before = detailsOf(row)
    const after = withGiven(before, given)
    const { variable } = after
    if (variable !== null && own.some((one) => one !== row && one.variable === variable)) {
      throw variableTaken()
    }
    await tx.update(allocations).set(after).where(eq(allocations.id, row.id))
    changed = row.id
    const { before: from, after: to } = changesOf(before, after)
    await audit(tx, ctx, {
      action: 'allocation.update',
      target: { type: 'server', id: serverId },
      before: { port: row.port, ...from },
      after: to,
    })
  })
  if (changed === undefined) throw new Error('no port was changed')
  return withId(list, changed)
}

function detailsOf({ notes, alias, variable }: AllocationRow) {
  return { notes, alias, variable }
}
