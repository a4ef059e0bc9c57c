import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { commandRules } from '../../../contract/protocol/commands.ts'
import { inTransaction } from '../../db/client.ts'
import { checkRight } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { beginOperation } from '../operations/begin.ts'
import { deliverNow } from '../operations/deliver.ts'
import { readCurrent, requireCan } from './current.ts'

/** A line waits for its node only so long: typed an hour ago, it would surprise more than help. */
export async function sendCommand(
  ctx: Ctx,
  { serverId, command: line }: Input<typeof endpoints.command>,
): Promise<Output<typeof endpoints.command>> {
  const operation = await inTransaction(ctx.db, async (tx) => {
    const server = await readCurrent(tx, serverId)
    checkRight(ctx.caller, 'console.write', server)
    requireCan('command', server)
    const target = { type: 'server', id: serverId } as const
    await audit(tx, ctx, { action: 'console.write', target, after: { line } })
    const waitsMs = commandRules['console.input'].waitsMs
    return beginOperation(tx, ctx, server, {
      kind: 'console.input',
      command: { type: 'console.input', serverId, line },
      generation: null,
      subject: line,
      ...(waitsMs === null ? {} : { expiresAt: ctx.clock.now() + waitsMs }),
    })
  })

  await deliverNow(ctx, operation)
  return { operationId: operation.id }
}
