import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { allow } from '../access.ts'
import type { Ctx } from '../context.ts'

/** The newest lines are with the node's object; older ones are asked of the node itself. */
export async function readLogs(
  ctx: Ctx,
  { serverId, lines, before }: Input<typeof endpoints.logs>,
): Promise<Output<typeof endpoints.logs>> {
  const server = await allow(ctx, 'console.read', serverId)
  const node = ctx.nodes.of(server.nodeId)
  const found =
    before === undefined
      ? await node.consoleTail(serverId, lines)
      : await node.consoleHistory(serverId, before, lines)
  const logs = found.map((line) => ({ ...line, data: line.text, timestamp: line.at }))
  return { logs, count: logs.length, requestedLines: lines }
}

export async function readStats(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.stats>,
): Promise<Output<typeof endpoints.stats>> {
  const server = await allow(ctx, 'server.read', serverId)
  return { sample: await ctx.nodes.of(server.nodeId).lastSample(serverId) }
}
