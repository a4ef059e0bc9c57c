import type { NodeId } from '../contract/ids.ts'
import type { DesiredPull, LedgerRpc } from '../contract/rpc.ts'
import { asked } from './ledger-port.ts'
import { retryAfter } from './outbox.ts'
import type { WakeTable } from './storage/wake-table.ts'

/** What the puller needs of its node. */
export interface PullTarget {
  readonly nodeId: NodeId
  isClosed(): boolean
  revision(): number
  take(asked: number, pull: DesiredPull): void
}

/** Fetches changes of desired state that no push brought [L3]; one question at a time, until answered. */
export class Puller {
  private readonly target: PullTarget
  private readonly ledger: LedgerRpc
  private readonly wakes: WakeTable
  private current: Promise<void> | null = null
  private again = false
  private tries = 0

  constructor(target: PullTarget, ledger: LedgerRpc, wakes: WakeTable) {
    this.target = target
    this.ledger = ledger
    this.wakes = wakes
  }

  /** Starts a pull; one that is under way is followed by another, for it may have read too early. */
  start(): void {
    this.again = true
    if (this.current !== null) return
    this.current = this.pullAll()
      .catch((error: unknown) => console.error('desired state: a pull broke off', error))
      .finally(() => {
        this.current = null
      })
  }

  /** Starts a pull and waits for its end, whatever it is. */
  async now(): Promise<void> {
    this.start()
    await this.current
  }

  private async pullAll(): Promise<void> {
    while (this.again) {
      this.again = false
      const { target, wakes } = this
      const revision = target.revision()
      const answer = await asked(this.ledger.pull(target.nodeId, revision))
      if (target.isClosed()) return
      if (!answer.ok) {
        this.tries += 1
        wakes.set('pull', Date.now() + retryAfter(this.tries))
        wakes.arm(Date.now())
        return
      }
      this.tries = 0
      wakes.set('pull', null)
      target.take(revision, answer.value)
    }
  }
}
