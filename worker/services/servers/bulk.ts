import type { BulkAction, BulkResult, bulk as endpoints } from '../../../contract/api/bulk.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError, type ErrorCode } from '../../../contract/errors.ts'
import type { OperationId, ServerId } from '../../../contract/ids.ts'
import type { Ctx } from '../context.ts'
import { deleteServer } from './delete.ts'
import { killServer, restartServer, startServer, stopServer } from './power.ts'
import { suspendServer, unsuspendServer } from './suspend.ts'

type Given = Input<typeof endpoints.servers>
type Verb = (ctx: Ctx, serverId: ServerId, given: Given) => Promise<OperationId | null>

/** The very verbs of single servers: no rule, right or trace of theirs is missing here. */
const verbs: Readonly<Record<BulkAction, Verb>> = {
  start: async (ctx, serverId) => (await startServer(ctx, { serverId })).operationId,
  stop: async (ctx, serverId) => (await stopServer(ctx, { serverId })).operationId,
  restart: async (ctx, serverId) => (await restartServer(ctx, { serverId })).operationId,
  kill: async (ctx, serverId) => (await killServer(ctx, { serverId })).operationId,
  delete: async (ctx, serverId) => (await deleteServer(ctx, { serverId })).operationId,
  suspend: async (ctx, serverId, { reason, until }) => {
    await suspendServer(ctx, { serverId, reason, until })
    return null
  },
  unsuspend: async (ctx, serverId) => {
    await unsuspendServer(ctx, { serverId })
    return null
  },
}

/** Refusals that say there is nothing to do, rather than that it cannot be done. */
const nothingToDo: readonly ErrorCode[] = ['wrong_state', 'already_suspended', 'not_suspended']

/** One after the other: they are written in one database, where nothing is gained by haste. */
export async function actOnServers(
  ctx: Ctx,
  given: Given,
): Promise<Output<typeof endpoints.servers>> {
  const results: BulkResult[] = []
  for (const serverId of given.serverIds) results.push(await actOnOne(ctx, serverId, given))
  const count = (status: BulkResult['status']) =>
    results.filter((result) => result.status === status).length
  const summary = { success: count('success'), skipped: count('skipped'), failed: count('failed') }
  return { results, summary }
}

async function actOnOne(ctx: Ctx, serverId: ServerId, given: Given): Promise<BulkResult> {
  try {
    const operationId = await verbs[given.action](ctx, serverId, given)
    return { serverId, status: 'success', operationId, code: null, error: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const status = nothingToDo.includes(error.code) ? 'skipped' : 'failed'
    return { serverId, status, operationId: null, code: error.code, error: error.message }
  }
}
