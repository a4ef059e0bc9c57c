import type { ServerId } from '../contract/ids.ts'
import type { ConsoleLine } from '../contract/protocol/console.ts'
import { failed, ok, type Result } from '../contract/result.ts'
import type { Node } from './node.ts'

/** Asks the agent for older lines than the object keeps; answered now or failed now. */
export async function consoleHistory(
  node: Node,
  serverId: ServerId,
  beforeSeq: number,
  limit: number,
): Promise<Result<ConsoleLine[]>> {
  const { link, desired } = node.states
  if (!desired.servers.has(serverId)) return failed('not_found')
  if (!node.isOnline()) return failed('node_offline')
  const call = { type: 'console.history', serverId, beforeSeq, limit } as const
  const answer = await node.calls.ask(link.epoch, call, node.timers.callWithin, (frame) =>
    node.agents.send(link.epoch, frame),
  )
  if (!answer.ok) return answer
  return ok(answer.value.filter((line) => line.seq < beforeSeq).slice(-limit))
}
