import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import type { Permission } from '../../../contract/permissions.ts'
import { inTransaction } from '../../db/client.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { beginOperation, supersedeClicks } from '../operations/begin.ts'
import { deliverNow } from '../operations/deliver.ts'
import { requireUsableSpec } from './check-spec.ts'
import { readCurrent, requireCan } from './current.ts'
import { raiseGeneration } from './desired.ts'
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
  return click(ctx, 'restart', 'server.start', given)
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
  await allow(ctx, permission, serverId)

  const operation = await inTransaction(ctx.db, async (tx) => {
    const before = await readCurrent(tx, serverId)
    requireCan(verb, before)
    const power = afterClick(verb, before)
    if (power.wanted === 'running') requireUsableSpec(await readParts(tx, before))
    const after = await raiseGeneration(tx, before, power)
    const { generation } = after
    // None of these needs another, so all of them travel in one request.
    const [begun] = await Promise.all([
      beginOperation(tx, ctx, after, { kind: `server.${verb}`, command: null, generation }),
      supersedeClicks(tx, after, ctx.clock.now(), 'Something else was asked for since.'),
      audit(tx, ctx, {
        action: `server.${verb}`,
        target: { type: 'server', id: serverId },
        before: { wanted: before.wanted, startNo: before.startNo },
        after: { wanted: after.wanted, startNo: after.startNo },
      }),
    ])
    return begun
  })

  await deliverNow(ctx, operation)
  return { operationId: operation.id }
}
