import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { idempotencyHeader } from '../../contract/endpoint.ts'
import type { OperationId, ServerId } from '../../contract/ids.ts'
import { type PanelCall, panelCaller, Refused } from '../../local/api.ts'
import type { Stack } from '../support/stack.ts'
import type { History, Verb } from './history.ts'

/** One thing to ask of the panel. */
export interface Wish {
  readonly verb: Verb
  readonly serverId: ServerId
  readonly text: string | null
  readonly key: string | null
}

/** Refusals after which the request may still have been, or still be, carried out. */
const unsure: ReadonlySet<string> = new Set([
  'idempotency_in_progress',
  'idempotency_done',
  'internal',
  'database_unavailable',
  'node_unavailable',
  'node_timeout',
  'queue_full',
])

const answerWithinMs = 15_000

/** Asks the panel for things, and notes what was asked and what it answered. */
export class Asking {
  private readonly stack: Stack
  private readonly history: History
  private asks = 0

  constructor(stack: Stack, history: History) {
    this.stack = stack
    this.history = history
  }

  /** The operation that it became; null: it was refused, or the answer was lost. */
  async ask(wish: Wish): Promise<OperationId | null> {
    this.asks += 1
    const ask = this.asks
    this.history.note({ type: 'asked', ask, ...wish })
    try {
      const { operationId } = await this.send(wish)
      this.history.note({ type: 'answered', ask, operationId })
      return operationId
    } catch (error) {
      if (error instanceof Refused && !unsure.has(error.code)) {
        this.history.note({ type: 'refused', ask, code: error.code })
      } else this.history.note({ type: 'unanswered', ask })
      return null
    }
  }

  /** Asks to cancel; a refusal, or no answer, is as good as any. */
  async cancel(operationId: OperationId): Promise<void> {
    await this.caller(null)(operations.cancel, { operationId }).catch(() => undefined)
  }

  private send({ verb, serverId, text, key }: Wish): Promise<{ operationId: OperationId }> {
    const call = this.caller(key)
    if (verb === 'line') return call(servers.command, { serverId, command: text ?? '' })
    if (verb === 'install') return call(servers.install, { serverId })
    return call(servers[verb], { serverId })
  }

  private caller(key: string | null): PanelCall {
    return panelCaller(this.stack.url, this.stack.token, (url, init) => {
      const headers = new Headers(init.headers)
      if (key !== null) headers.set(idempotencyHeader, key)
      return fetch(url, { ...init, headers, signal: AbortSignal.timeout(answerWithinMs) })
    })
  }
}
