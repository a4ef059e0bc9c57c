import type { Deps } from '../context.ts'

/** Without a ring a stream looks again after this: a lost ring costs a moment, never an event. */
const looksEveryMs = 15_000
/** Rings closer together than this are answered by one look. Milliseconds. */
const restsAtLeastMs = 200
const restsAtMostMs = 5000
/** A stream works for at most one part in so many: when looks get slow, there are fewer of them. */
const restsPerWork = 5

/** Lets a stream wait for the next ring of the bell. */
export class Waker {
  private readonly deps: Pick<Deps, 'bell' | 'log'>
  private stopListening: (() => void) | null = null
  private isWoken = true
  private isStopped = false
  private resume: (() => void) | null = null
  private lookedAt = 0

  constructor(deps: Pick<Deps, 'bell' | 'log'>) {
    this.deps = deps
  }

  /** Begins to listen. Without a bell the looks alone remain. */
  async start(): Promise<void> {
    try {
      const stop = await this.deps.bell.listen(
        () => this.wake(),
        () => {
          this.stopListening = null
        },
      )
      if (this.isStopped) stop()
      else this.stopListening = stop
    } catch (error) {
      this.deps.log.error('event_stream_deaf', { reason: String(error) })
    }
  }

  /** Makes the present or next wait end. */
  wake(): void {
    this.isWoken = true
    this.resume?.()
  }

  /**
   * Ends when the bell rang since the last wait, or it is time to look anyway.
   * @param withinMs look after this at the latest
   */
  async next(withinMs = looksEveryMs): Promise<void> {
    const workedMs = Date.now() - this.lookedAt
    if (this.stopListening === null && !this.isStopped) await this.start()
    if (!this.isWoken) await this.rung(Math.min(looksEveryMs, Math.max(0, withinMs)))
    const rest = this.lookedAt + restAfter(workedMs) - Date.now()
    if (rest > 0 && !this.isStopped) await new Promise((resolve) => setTimeout(resolve, rest))
    this.isWoken = false
    this.lookedAt = Date.now()
  }

  /** Ends waits and listening for good. */
  stop(): void {
    this.isStopped = true
    this.stopListening?.()
    this.stopListening = null
    this.wake()
  }

  private rung(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.resume?.(), withinMs)
      this.resume = () => {
        clearTimeout(timer)
        this.resume = null
        resolve()
      }
    })
  }
}

/** Milliseconds from the beginning of one look to that of the next. */
export function restAfter(workedMs: number): number {
  return Math.min(restsAtMostMs, Math.max(restsAtLeastMs, workedMs * restsPerWork))
}
