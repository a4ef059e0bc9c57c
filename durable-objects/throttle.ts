import { DurableObject } from 'cloudflare:workers'
import type { CountedAttempt, RateLimit, RateVerdict, ThrottleRpc } from '../contract/throttle.ts'
import { migrate } from './storage/migrate.ts'
import { AttemptBook } from './throttle/attempt-book.ts'
import { AttemptTable, throttleMigrations } from './throttle/attempt-table.ts'
import { forgottenAfterMs } from './throttle/attempts.ts'
import { Buckets } from './throttle/buckets.ts'

/**
 * Counts for a share of all names: attempts at secrets in its tables, which outlive everything, and requests
 * in memory. Nothing awaits between reading and writing, so a count is exact however many ask at once.
 */
export class Throttle extends DurableObject implements ThrottleRpc {
  private readonly book: AttemptBook
  private readonly buckets = new Buckets()

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    migrate(ctx.storage, throttleMigrations)
    this.book = new AttemptBook(new AttemptTable(ctx.storage.sql))
  }

  async attempt(names: readonly string[]): Promise<CountedAttempt> {
    const now = Date.now()
    const counted = this.ctx.storage.transactionSync(() => this.book.attempt(names, now))
    if (counted.allowed) await this.tidyAt(now + forgottenAfterMs)
    return counted
  }

  async giveBack(names: readonly string[], at: number): Promise<void> {
    this.ctx.storage.transactionSync(() => this.book.giveBack(names, at))
  }

  async forgive(names: readonly string[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.book.forgive(names))
  }

  async take(name: string, limit: RateLimit): Promise<RateVerdict> {
    return this.buckets.take(name, limit, Date.now())
  }

  /** Whether a row counts is judged by its time; this only keeps rows from lying about. */
  override async alarm(): Promise<void> {
    const next = this.book.tidy(Date.now())
    if (next !== null) await this.tidyAt(next)
  }

  private async tidyAt(at: number): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(at)
  }
}
