import { and, desc, eq } from 'drizzle-orm'
import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { OperationId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { allow, holds, suspended } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { isoOrNull } from '../iso.ts'
import { beginOperation, supersedeClicks } from '../operations/begin.ts'
import { deliverNow } from '../operations/deliver.ts'
import { readPolicy } from '../settings/policy.ts'
import { readCurrent } from './current.ts'
import { raiseGeneration } from './desired.ts'
import { goneStatements } from './gone.ts'

type Accepted = Output<typeof endpoints.delete>

/**
 * The row stays until the node has nothing left of the server. A second request answers the operation of
 * the first. A node that no agent may connect as has nothing to wait for: there it is gone at once.
 * @param isStillMeant asked of the row as it is when it is marked as removed
 * @throws `server_suspended` where the panel keeps what is suspended from its owner's hands
 */
export async function deleteServer(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.delete>,
  isStillMeant: (server: ServerRow) => boolean = () => true,
): Promise<Accepted> {
  const server = await allow(ctx, 'server.delete', serverId)
  const isKeptWhileSuspended = await keepsSuspended(ctx)

  const deletion = await inTransaction(ctx.db, async (tx) => {
    const before = await readCurrent(tx, serverId)
    // It may have been suspended a moment ago.
    if (isKeptWhileSuspended && before.suspendedAt !== null) {
      throw suspended(before.suspendedAt, before.suspensionReason)
    }
    if (!isStillMeant(before)) throw new AppError('wrong_state')
    const running = before.removed ? await findDeletion(tx, before) : null
    if (running !== null) return { id: running, operation: null }
    const operation = await begin(tx, ctx, before)
    return { id: operation.id, operation }
  })

  if (deletion.operation !== null) await deliverNow(ctx, deletion.operation)
  await forgetIfUnreachable(ctx, server)
  return { operationId: deletion.id }
}

/** Whether the panel keeps suspended servers from this caller's hands. */
async function keepsSuspended(ctx: Ctx): Promise<boolean> {
  if (holds(ctx.caller, 'server.suspend')) return false
  return (await readPolicy(ctx)).deleteWhileSuspended === 'block'
}

async function begin(tx: Queries, ctx: Ctx, before: ServerRow) {
  const change = { removed: true, wanted: 'stopped', how: 'kill' } as const
  const after = await raiseGeneration(tx, before, change)
  await supersedeClicks(tx, after, ctx.clock.now(), 'The server is being deleted.')
  await audit(tx, ctx, {
    action: 'server.delete',
    target: { type: 'server', id: before.id },
    before: {
      name: before.name,
      ownerId: before.ownerId,
      nodeId: before.nodeId,
      suspendedAt: isoOrNull(before.suspendedAt),
    },
  })
  const { generation } = after
  return beginOperation(tx, ctx, after, { kind: 'server.delete', command: null, generation })
}

async function findDeletion(tx: Queries, server: ServerRow): Promise<OperationId | null> {
  const [newest] = await tx
    .select({ id: operations.id })
    .from(operations)
    .where(and(eq(operations.serverId, server.id), eq(operations.kind, 'server.delete')))
    .orderBy(desc(operations.createdAt))
    .limit(1)
  return newest?.id ?? null
}

async function forgetIfUnreachable(ctx: Ctx, server: ServerRow): Promise<void> {
  const [node] = await ctx.db
    .select({ publicKey: nodes.publicKey })
    .from(nodes)
    .where(eq(nodes.id, server.nodeId))
  if (node === undefined || node.publicKey !== null) return
  await inTransaction(ctx.db, async (tx) => {
    for (const statement of goneStatements(tx, server.nodeId, server.id, ctx.clock.now())) {
      await statement
    }
  })
}
