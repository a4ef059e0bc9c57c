import { and, eq, inArray } from 'drizzle-orm'
import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { operations } from '../../db/schema/activity.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { beginOperation } from '../operations/begin.ts'
import { deliverNow } from '../operations/deliver.ts'
import { openStates } from '../operations/states.ts'
import { requireUsableSpec } from './check-spec.ts'
import { readCurrent, requireCan } from './current.ts'
import { raiseGeneration } from './desired.ts'
import { readParts } from './parts.ts'

/** The template may have changed since, so the node gets a new generation before it installs. */
export async function installServer(
  ctx: Ctx,
  { serverId, wipe }: Input<typeof endpoints.install>,
): Promise<Output<typeof endpoints.install>> {
  await allow(ctx, 'server.install', serverId)

  const operation = await inTransaction(ctx.db, async (tx) => {
    const server = await readCurrent(tx, serverId)
    requireCan('install', server)
    await requireNoneOpen(tx, serverId)
    requireUsableSpec(await readParts(tx, server))
    await raiseGeneration(tx, server, {})
    const target = { type: 'server', id: serverId } as const
    await audit(tx, ctx, { action: 'server.install', target, after: { wipe } })
    const command = { type: 'server.install', serverId, wipe } as const
    return beginOperation(tx, ctx, server, { kind: 'server.install', command, generation: null })
  })

  await deliverNow(ctx, operation)
  return { operationId: operation.id }
}

/** A second click while the first waits for its node would install, and wipe, all over again. */
async function requireNoneOpen(tx: Queries, serverId: ServerId): Promise<void> {
  const isOpen = inArray(operations.state, openStates)
  const [open] = await tx
    .select({ operationId: operations.id })
    .from(operations)
    .where(and(eq(operations.serverId, serverId), eq(operations.kind, 'server.install'), isOpen))
    .limit(1)
  if (open === undefined) return
  const sentence = 'An installation waits or runs already. Cancel it, or wait for its end.'
  throw new AppError('wrong_state', open, sentence)
}
