import { and, eq, inArray } from 'drizzle-orm'
import type { OperationKind } from '../../../contract/api/operations.ts'
import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { operations } from '../../db/schema/activity.ts'
import { checkRight } from '../access.ts'
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
  const operation = await inTransaction(ctx.db, async (tx) => {
    const server = await readCurrent(tx, serverId)
    checkRight(ctx.caller, 'server.install', server)
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

/** What waits for the node already and does not go with another installation, with what to say of it. */
const inTheWay: Partial<Readonly<Record<OperationKind, string>>> = {
  'server.install': 'An installation waits or runs already. Cancel it, or wait for its end.',
  'server.start': 'A start waits for the node. Stop the server first, or wait for it.',
  'server.restart': 'A restart waits for the node. Stop the server first, or wait for it.',
}

/**
 * A second click while the first waits for its node would install, and wipe, all over again; and what was
 * asked for after a start cannot be done before it.
 */
async function requireNoneOpen(tx: Queries, serverId: ServerId): Promise<void> {
  const [open] = await tx
    .select({ operationId: operations.id, kind: operations.kind })
    .from(operations)
    .where(
      and(
        eq(operations.serverId, serverId),
        inArray(operations.kind, Object.keys(inTheWay) as OperationKind[]), // the keys of this table
        inArray(operations.state, openStates),
      ),
    )
    .limit(1)
  if (open === undefined) return
  throw new AppError('wrong_state', { operationId: open.operationId }, inTheWay[open.kind])
}
