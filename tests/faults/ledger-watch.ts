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
      const items = await this.stack.call(operations.list, { page, limit: perPage })
      found.push(...items)
      if (items.length < perPage) break
    }
    this.take(found)
    return found
  }

  private async lookOn(): Promise<void> {
    while (!this.isOver) {
      await this.stack
        .call(operations.list, { limit: newest })
        .then((items) => this.take(items))
        .catch(() => undefined) // The panel is away; the next look shows what became of them.
      await lasts(lookEvery)
    }
  }

  private take(items: readonly Operation[]): void {
    for (const { id, state } of items) {
      if (this.last.get(id) === state) continue
      this.last.set(id, state)
      this.history.note({ type: 'seen', operationId: id, state })
    }
  }
}
