import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { checkRight } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { beginOperation, supersedeClicks } from '../operations/begin.ts'
import { deliverNow } from '../operations/deliver.ts'
import { requireUsableSpec } from './check-spec.ts'
import { readCurrent, requireCan } from './current.ts'
import { raiseGeneration, readIncarnation, toPush } from './desired.ts'
import { readParts } from './parts.ts'
import { afterClick, type PowerVerb } from './power-change.ts'

type Given = Input<typeof endpoints.start>
type Accepted = Output<typeof endpoints.start>

export function startServer(ctx: Ctx, given: Given): Promise<Accepted> {
  return click(ctx, 'start', 'server.start', given)
}

export function stopServer(ctx: Ctx, given: Given): Promise<Accepted> {
  return click(ctx, 'stop', 'server.stop', given)
}

export function restartServer(ctx: Ctx, given: Given): Promise<Accepted> {
  return click(ctx, 'restart', 'server.restart', given)
}

export function killServer(ctx: Ctx, given: Given): Promise<Accepted> {
  return click(ctx, 'kill', 'server.stop', given)
}

/** [D1] A click is a change of what is wanted, and an operation that ends when the node is seen there. */
async function click(
  ctx: Ctx,
  verb: PowerVerb,
  permission: Permission,
  { serverId }: Given,
): Promise<Accepted> {
  const { operation, push } = await inTransaction(ctx.db, async (tx) => {
    const before = await readCurrent(tx, serverId)
    checkRight(ctx.caller, permission, before)
    requireCan(verb, before)
    return change(tx, ctx, verb, before)
  })

  await deliverNow(ctx, operation, push)
  return { operationId: operation.id }
}

/**
 * Nobody else writes in a transaction, so what the rows will be is known, no statement here waits for
 * another, and all of them travel in one request. A spec that cannot run takes all of it back.
 */
async function change(tx: Queries, ctx: Ctx, verb: PowerVerb, before: ServerRow) {
  const power = afterClick(verb, before)
  const { id } = before
  const generation = before.generation + 1
  const now = ctx.clock.now()
  const [parts, incarnation, server, operation] = await Promise.all([
    readParts(tx, before),
    readIncarnation(tx),
    raiseGeneration(tx, before, power),
    beginOperation(tx, ctx, before, { kind: `server.${verb}`, command: null, generation }),
    supersedeClicks(tx, { id, generation }, now, 'Something else was asked for since.'),
    audit(tx, ctx, {
      action: `server.${verb}`,
      target: { type: 'server', id },
      before: { wanted: before.wanted, startNo: before.startNo },
      after: { wanted: power.wanted, startNo: power.startNo },
    }),
  ])
  if (power.wanted === 'running') requireUsableSpec(parts)
  return { operation, push: toPush(parts, server, operation, incarnation) }
}
