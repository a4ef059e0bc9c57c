import type { NodeId } from '../contract/ids.ts'
import type { LedgerRpc } from '../contract/rpc.ts'
import { asked } from './ledger-port.ts'
import { nextBatch, retryAfter } from './outbox.ts'
import type { OutboxRows } from './storage/outbox-rows.ts'
import type { WakeTable } from './storage/wake-table.ts'

/**
 * Between a delivery and the next: a busy node reports hundreds of changes a second, and each delivery is a
 * transaction in libSQL. The first one leaves at once. Milliseconds.
 */
const breath = 25

/** A delivery that was lost with the object's memory is taken up again after this. Milliseconds. */
const lostAfter = 10_000

/**
 * Brings the outbox to the ledger: in order, one delivery at a time, for ever. Nothing here is needed for
 * safety: what was not confirmed stays in the table and goes again, and the ledger knows the numbers [L1].
 */
export class Courier {
  private readonly nodeId: NodeId
  private readonly ledger: LedgerRpc
  private readonly outbox: OutboxRows
  private readonly wakes: WakeTable
  private readonly isClosed: () => boolean
  private running = false
  private tries = 0

  constructor(
    nodeId: NodeId,
    ledger: LedgerRpc,
    outbox: OutboxRows,
    wakes: WakeTable,
    isClosed: () => boolean,
  ) {
    this.nodeId = nodeId
    this.ledger = ledger
    this.outbox = outbox
    this.wakes = wakes
    this.isClosed = isClosed
  }

  /** Called in the transaction that adds an event, so that the wake is there before anything is lost. */
  expect(now: number): void {
    if (this.wakes.get('outbox') === null) this.wakes.set('outbox', now + lostAfter)
  }

  /** Starts a delivery, unless one is under way or the last failure is too fresh. Never waits. */
  start(now: number): void {
    const isDue = (this.wakes.get('outbox') ?? 0) <= now
    if (isDue) this.wakes.set('outbox', now + lostAfter)
    if (this.running || (this.tries > 0 && !isDue)) return
    void this.deliverAll().catch((error: unknown) => {
      console.error('outbox: a delivery broke off', error)
    })
  }

  private async deliverAll(): Promise<void> {
    this.running = true
    try {
      while (await this.deliverNext()) await new Promise((resume) => setTimeout(resume, breath))
    } finally {
      this.running = false
    }
  }

  /** False when there is nothing more to do now. */
  private async deliverNext(): Promise<boolean> {
    if (this.isClosed()) return false
    const batch = nextBatch(this.outbox.first())
    const first = batch[0]
    if (first === undefined) {
      this.wakes.set('outbox', null)
      return false
    }
    const applied = await asked(this.ledger.apply(this.nodeId, batch))
    if (this.isClosed()) return false
    if (applied.ok && applied.value.appliedTo >= first.eventNo) {
      this.tries = 0
      this.confirm(applied.value.appliedTo)
      return true
    }
    this.tries += 1
    this.wakes.set('outbox', Date.now() + retryAfter(this.tries))
    this.wakes.arm(Date.now())
    return false
  }

  /**
   * Drops what was applied. A ledger that has seen numbers which were never given here has outlived an older
   * copy of this storage: it passed these events over, so they go again under numbers that it takes [L1].
   */
  private confirm(appliedTo: number): void {
    if (appliedTo > this.outbox.highest()) this.outbox.renumberAfter(appliedTo)
    else this.outbox.removeUpTo(appliedTo)
  }
}
