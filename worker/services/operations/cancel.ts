import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type operations as endpoints, isOpen } from '../../../contract/api/operations.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { type OperationRow, operations } from '../../db/schema/activity.ts'
import { rightsOn } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { readCurrent } from '../servers/current.ts'
import { raiseGeneration } from '../servers/desired.ts'
import { afterCancel } from '../servers/power-change.ts'
import { deliver, tellServer } from './deliver.ts'
import { readVisible } from './get.ts'
import { rightBehind } from './rights.ts'
import { openStates } from './states.ts'

type Accepted = Output<typeof endpoints.cancel>

/** A suspended server keeps nobody from calling off what was asked of it before. */
export async function cancelOperation(
  ctx: Ctx,
  { operationId }: Input<typeof endpoints.cancel>,
): Promise<Accepted> {
  const { operation, ownerId } = await readVisible(ctx, operationId)
  if (!isOpen(operation.state)) throw new AppError('operation_finished')
  const { serverId } = operation
  const rights =
    ownerId === null || serverId === null ? [] : rightsOn(ctx.caller, { id: serverId, ownerId })
  if (!rights.includes(rightBehind[operation.kind])) throw new AppError('forbidden')

  if (operation.command !== null) await cancelCommand(ctx, operation)
  else await takeBackClick(ctx, operation)
  return { operationId }
}

/**
 * [Q8] The node's object decides: it alone knows whether the command was sent. A command that never got
 * there is submitted first, so that it is cancelled there and not just here.
 */
async function cancelCommand(ctx: Ctx, operation: OperationRow): Promise<void> {
  const cancelRequestedAt = ctx.clock.now()
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .update(operations)
      .set({ cancelRequestedAt })
      .where(and(eq(operations.id, operation.id), isNull(operations.cancelRequestedAt)))
    await auditCancel(tx, ctx, operation)
  })
  if (operation.state === 'submitting') await deliver(ctx, { ...operation, cancelRequestedAt })
  else await ctx.nodes.of(operation.nodeId).cancel(operation.id)
}

/** [D1] A click that its node has not taken in yet is undone by wanting what is there. */
async function takeBackClick(ctx: Ctx, operation: OperationRow): Promise<void> {
  const { serverId } = operation
  const isDone = operation.state === 'running' || operation.kind === 'server.delete'
  if (serverId === null || isDone) throw new AppError('not_cancellable')

  const server = await inTransaction(ctx.db, async (tx) => {
    const ended = await tx
      .update(operations)
      .set({ state: 'cancelled', endedAt: ctx.clock.now(), cancelRequestedAt: ctx.clock.now() })
      .where(and(eq(operations.id, operation.id), inArray(operations.state, openStates)))
      .returning({ id: operations.id })
    if (ended.length === 0) throw new AppError('operation_finished')
    const current = await readCurrent(tx, serverId)
    await auditCancel(tx, ctx, operation)
    return raiseGeneration(tx, current, afterCancel(current))
  })
  await tellServer(ctx, server)
}

function auditCancel(tx: Queries, ctx: Ctx, { id, kind, serverId }: OperationRow): Promise<void> {
  const target = { type: 'operation', id } as const
  return audit(tx, ctx, { action: 'operation.cancel', target, before: { kind, serverId } })
}
