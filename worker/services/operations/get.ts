import { and, eq } from 'drizzle-orm'
import {
  type operations as endpoints,
  isOpen,
  type OperationDetail,
} from '../../../contract/api/operations.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { OperationId } from '../../../contract/ids.ts'
import { type OperationRow, operations } from '../../db/schema/activity.ts'
import type { Ctx } from '../context.ts'
import { visibleOperations } from '../visible.ts'
import { type SelectedOperation, selectOperations, toOperation } from './present.ts'

export async function getOperation(
  ctx: Ctx,
  { operationId }: Input<typeof endpoints.get>,
): Promise<OperationDetail> {
  const row = await readVisible(ctx, operationId)
  return { ...toOperation(row), log: await readLog(ctx, row.operation) }
}

/** @throws `not_found`, also for one that the caller may not see */
export async function readVisible(ctx: Ctx, id: OperationId): Promise<SelectedOperation> {
  const where = and(eq(operations.id, id), visibleOperations(ctx.caller))
  const [row] = await selectOperations(ctx.db, where)
  if (row === undefined) throw new AppError('not_found')
  return row
}

/** While a command runs its object has the newest lines; what libSQL has lags behind, and is enough. */
async function readLog(ctx: Ctx, operation: OperationRow): Promise<string[]> {
  const kept = [...operation.log]
  if (operation.command === null || !isOpen(operation.state)) return kept
  try {
    return await ctx.nodes.of(operation.nodeId).commandLog(operation.id)
  } catch (error) {
    if (error instanceof AppError) return kept
    throw error
  }
}
