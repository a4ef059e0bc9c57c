import { eq } from 'drizzle-orm'
import type { ServerAllocation } from '../../../contract/api/allocations.ts'
import { AppError } from '../../../contract/errors.ts'
import type { AllocationId, ServerId } from '../../../contract/ids.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { type AllocationRow, allocations, type ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'
import { tellServer } from '../operations/deliver.ts'
import { raiseGeneration } from '../servers/desired.ts'
import { allowNow } from '../sub-users/rights-now.ts'
import { readAllocations } from './list.ts'

/**
 * Changes what a server is to have, in one transaction with a new generation of it, and tells its node. The
 * node binds anew when it next makes the container; what runs keeps what it has.
 * @returns what the server is to have then
 */
export async function changePorts(
  ctx: Ctx,
  permission: Permission,
  serverId: ServerId,
  change: (tx: Queries, server: ServerRow) => Promise<void>,
): Promise<ServerAllocation[]> {
  await allow(ctx, permission, serverId)
  const after = await inTransaction(ctx.db, async (tx) => {
    const { server } = await allowNow(tx, ctx, permission, serverId)
    await change(tx, server)
    return raiseGeneration(tx, server, { updatedAt: ctx.clock.now() })
  })
  await tellServer(ctx, after)
  return readAllocations(ctx.db, after)
}

export function readPorts(tx: Queries, serverId: ServerId): Promise<AllocationRow[]> {
  return tx.select().from(allocations).where(eq(allocations.serverId, serverId))
}

/**
 * The port that is named by its id, or by a container port that no other has.
 * @throws `not_found`, `in_use` with all whose container port it is
 */
export function findPort(own: readonly AllocationRow[], named: string): AllocationRow {
  const meant = own.filter(({ id, containerPort }) =>
    /^\d+$/.test(named) ? containerPort === Number(named) : id === named,
  )
  const [one, ...more] = meant
  if (one === undefined) throw new AppError('not_found')
  if (more.length === 0) return one
  throw new AppError(
    'in_use',
    { allocations: meant.map(({ id }) => id) },
    'Several ports lead to this port of the container. Name the one by its id.',
  )
}

/** Of an answer, the one that was changed. */
export function withId(list: readonly ServerAllocation[], id: AllocationId): ServerAllocation {
  const found = list.find((one) => one.id === id)
  if (found === undefined) throw new AppError('not_found')
  return found
}

/** What the audit log keeps of a port. */
export function audited({ ip, port, containerPort, protocol, variable }: AllocationRow) {
  return { ip, hostPort: port, containerPort, protocol, variable }
}
