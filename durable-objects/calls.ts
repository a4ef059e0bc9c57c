import type { ConsoleLine } from '../contract/protocol/console.ts'
import type { Call, FromAgent, ToAgent } from '../contract/protocol/frames.ts'
import { failed, ok, type Result } from '../contract/result.ts'
import { within } from './deadline.ts'

type Reply = Extract<FromAgent, { type: 'reply' }>

/**
 * Questions that the agent answers at once or not at all. They live in memory only: whoever asks is waiting,
 * and an object that lost its memory has lost the asker with it.
 */
export class Calls {
  private readonly pending = new Map<string, (result: Result<ConsoleLine[]>) => void>()

  /** Asks and waits for at most `ms` milliseconds. */
  async ask(
    epoch: number,
    call: Call,
    ms: number,
    send: (frame: ToAgent) => void,
  ): Promise<Result<ConsoleLine[]>> {
    const callId = crypto.randomUUID()
    const answer = Promise.withResolvers<Result<ConsoleLine[]>>()
    this.pending.set(callId, answer.resolve)
    send({ type: 'call', epoch, callId, call, deadlineInMs: ms })
    try {
      return (await within(ms, answer.promise)) ?? failed('node_timeout')
    } finally {
      this.pending.delete(callId)
    }
  }

  /** Hands a reply to whoever asked; one that nobody waits for any more is dropped [N9]. */
  settle({ callId, reply }: Reply): void {
    const answer = reply.ok ? ok(reply.lines) : failed('node_timeout', { reason: reply.message })
    this.pending.get(callId)?.(answer)
  }

  /** The link that was to carry the replies is gone. */
  dropAll(): void {
    for (const answer of this.pending.values()) answer(failed('node_offline'))
    this.pending.clear()
  }
}
