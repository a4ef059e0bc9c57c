import { and, eq, inArray } from 'drizzle-orm'
import { AppError, type ErrorCode } from '../../../contract/errors.ts'
import type { CommandType } from '../../../contract/protocol/commands.ts'
import type { DesiredPush } from '../../../contract/rpc.ts'
import { type OperationRow, operations } from '../../db/schema/activity.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import type { Deps } from '../context.ts'
import { readPush } from '../servers/desired.ts'
import { tell } from '../tell.ts'
import { openStates } from './states.ts'

/** Refusals that repeating does not change. */
const final: readonly ErrorCode[] = ['queue_full', 'idempotency_conflict']

/** Whether a command works on what should be, so that its node has to know that first. */
const needsDesired: Readonly<Record<CommandType, boolean>> = {
  'server.install': true,
  'console.input': false,
}

/**
 * [Q1] Tells the node's object of an operation: first what should be, which a command may need, then the
 * command, then that it should be cancelled if somebody asked for that meanwhile. Telling twice is safe.
 * @param made what the operation's own transaction left to be pushed; not given: it is read
 * @throws AppError when the object refuses or does not answer; a final refusal has ended the operation
 */
export async function deliver(
  deps: Deps,
  operation: OperationRow,
  made?: DesiredPush,
): Promise<void> {
  const { id, nodeId, serverId, command, expiresAt, cancelRequestedAt } = operation
  const node = deps.nodes.of(nodeId)
  const needsServer = command === null || needsDesired[command.type]
  // A later wish may wait too; each is told with its own push, or the node never hears of this one.
  const waitId = command === null ? id : undefined
  const isRead = made === undefined && serverId !== null && needsServer
  const push = isRead ? await readPush(deps.db, serverId, waitId) : (made ?? null)
  if (push !== null) await node.setServer(push)
  if (command !== null) {
    const actor = {
      kind: operation.actorKind,
      id: operation.actorId,
      name: operation.actorName,
    }
    try {
      await node.submit({ id, command, deadline: expiresAt, actor })
    } catch (error) {
      if (error instanceof AppError && final.includes(error.code)) await refused(deps, id, error)
      throw error
    }
    if (cancelRequestedAt !== null) await node.cancel(id)
  }
  await deps.db
    .update(operations)
    .set({ state: 'queued' })
    .where(and(eq(operations.id, id), eq(operations.state, 'submitting')))
}

/**
 * Delivers what was just committed. When its node cannot be told now, the watchdog does it later.
 * @throws `queue_full`
 */
export async function deliverNow(
  deps: Deps,
  operation: OperationRow,
  made?: DesiredPush,
): Promise<void> {
  let full: AppError | null = null
  await tell(deps, operation.kind, () =>
    deliver(deps, operation, made).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'queue_full') full = error
      throw error
    }),
  )
  if (full !== null) throw full
}

/** Tells the node of a changed server that no operation waits for. */
export async function tellServer(
  deps: Deps,
  { id, nodeId }: Pick<ServerRow, 'id' | 'nodeId'>,
): Promise<void> {
  await tell(deps, 'server', async () => {
    const push = await readPush(deps.db, id)
    if (push !== null) await deps.nodes.of(nodeId).setServer(push)
  })
}

async function refused(deps: Deps, id: OperationRow['id'], error: AppError): Promise<void> {
  await deps.db
    .update(operations)
    .set({
      state: 'failed',
      code: error.code,
      message: error.message,
      endedAt: deps.clock.now(),
    })
    .where(and(eq(operations.id, id), inArray(operations.state, openStates)))
}
