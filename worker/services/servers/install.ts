import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { beginOperation } from '../operations/begin.ts'
import { deliverNow } from '../operations/deliver.ts'
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
