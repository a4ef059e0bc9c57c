import { setTimeout as lasts } from 'node:timers/promises'
import { type Operation, operations } from '../../contract/api/operations.ts'
import type { Stack } from '../support/stack.ts'
import type { History } from './history.ts'

const lookEvery = 400
const newest = 100
const perPage = 500

/** Notes every state in which the ledger shows an operation, while faults go on. */
export class LedgerWatch {
  private readonly stack: Stack
  private readonly history: History
  private readonly last = new Map<string, string>()
  private begun = 0
  private taken = 0
  private isOver = false
  private looking: Promise<void> | null = null

  constructor(stack: Stack, history: History) {
    this.stack = stack
    this.history = history
  }

  start(): void {
    this.looking = this.lookOn()
  }

  async stop(): Promise<void> {
    this.isOver = true
    await this.looking
  }

  /** Every operation of the panel, noted like any other look. */
  async all(): Promise<Operation[]> {
    const found: Operation[] = []
    for (let page = 1; ; page += 1) {
      const items = await this.look({ page, limit: perPage })
      found.push(...items)
      if (items.length < perPage) return found
    }
  }

  private async lookOn(): Promise<void> {
    while (!this.isOver) {
      // The panel may be away; the next look shows what became of them.
      await this.look({ limit: newest }).catch(() => undefined)
      await lasts(lookEvery)
    }
  }

  /** Two looks may be under way, and be answered the other way round: what is older then says nothing. */
  private async look(query: { page?: number; limit: number }): Promise<readonly Operation[]> {
    this.begun += 1
    const number = this.begun
    const items = await this.stack.call(operations.list, query)
    if (number > this.taken) {
      this.taken = number
      this.take(items)
    }
    return items
  }

  private take(items: readonly Operation[]): void {
    for (const { id, state } of items) {
      if (this.last.get(id) === state) continue
      this.last.set(id, state)
      this.history.note({ type: 'seen', operationId: id, state })
    }
  }
}
