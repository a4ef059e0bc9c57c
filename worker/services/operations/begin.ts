import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { OperationKind } from '../../../contract/api/operations.ts'
import type { OperationId } from '../../../contract/ids.ts'
import type { Command } from '../../../contract/protocol/commands.ts'
import type { Queries } from '../../db/client.ts'
import { type OperationRow, operations } from '../../db/schema/activity.ts'
import { nodes } from '../../db/schema/fleet.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { actorOf, type Ctx, newId } from '../context.ts'
import { claimKey } from '../idempotency.ts'
import { openStates } from './states.ts'

export interface NewOperation {
  readonly kind: OperationKind
  /** Orders the node; null: it waits until `generation` is observed. */
  readonly command: Command | null
  readonly generation: number | null
  readonly subject?: string
  /** Milliseconds since 1970. */
  readonly expiresAt?: number
}

/** [Q1] Writes an operation on a server as `submitting`, in the transaction of what it is about. */
export async function beginOperation(
  tx: Queries,
  ctx: Ctx,
  server: Pick<ServerRow, 'id' | 'name' | 'nodeId'>,
  what: NewOperation,
): Promise<OperationRow> {
  const actor = actorOf(ctx)
  const id = newId<OperationId>(ctx)
  const operation = {
    id,
    kind: what.kind,
    state: 'submitting',
    serverId: server.id,
    serverName: server.name,
    nodeId: server.nodeId,
    nodeName: sql`(SELECT ${nodes.name} FROM ${nodes} WHERE ${nodes.id} = ${server.nodeId})`,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    subject: what.subject ?? null,
    command: what.command,
    generation: what.generation,
    createdAt: ctx.clock.now(),
    expiresAt: what.expiresAt ?? null,
  } as const
  const [[row]] = await Promise.all([
    tx.insert(operations).values(operation).returning(),
    claimKey(tx, ctx, { operationId: id }),
  ])
  if (row === undefined) throw new Error('an insert returned no row')
  return row
}

const clicks: OperationKind[] = ['server.start', 'server.stop', 'server.restart', 'server.kill']

/**
 * Ends the power clicks of a server that have not ended and are older than its generation: something
 * else is asked for now [D1].
 */
export async function supersedeClicks(
  tx: Queries,
  { id, generation }: Pick<ServerRow, 'id' | 'generation'>,
  now: number,
  message: string,
): Promise<void> {
  await tx
    .update(operations)
    .set({ state: 'superseded', endedAt: now, message })
    .where(
      and(
        eq(operations.serverId, id),
        lt(operations.generation, generation),
        inArray(operations.kind, clicks),
        inArray(operations.state, openStates),
      ),
    )
}
