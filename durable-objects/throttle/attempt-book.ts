import type { CountedAttempt } from '../../contract/throttle.ts'
import {
  type AttemptRow,
  forgiven,
  forgottenAfterMs,
  givenBack,
  judge,
  nobody,
} from './attempts.ts'

/** Where rows are kept. */
export interface AttemptStore {
  find(name: string): AttemptRow | null
  /** Adds the row, or replaces the one of its name. */
  put(row: AttemptRow): void
  drop(name: string): void
  readonly size: number
  /** The row with the fewest attempts, of these the oldest, that is none of the names. */
  weakest(besides: readonly string[]): AttemptRow | null
  /** Drops rows whose last attempt was at that time or before. */
  dropUntil(at: number): void
  /** When the oldest last attempt was; null when there is no row. */
  oldest(): number | null
}

/** Rows that one object keeps at most, about 2 MB of them. */
export const mostRows = 20_000

/** Counts attempts in a store that strangers cannot fill without end. */
export class AttemptBook {
  private readonly store: AttemptStore
  private readonly mostRows: number

  constructor(store: AttemptStore, most: number = mostRows) {
    this.store = store
    this.mostRows = most
  }

  /** @param now milliseconds since 1970 */
  attempt(names: readonly string[], now: number): CountedAttempt {
    for (const name of names) this.makeRoom(name, names, now)
    const rows = names.map((name) => this.store.find(name) ?? nobody(name))
    const judgement = judge(rows, now)
    if (!judgement.allowed) {
      return { allowed: false, retryAfterSeconds: Math.ceil(judgement.waitMs / 1000) }
    }
    for (const row of judgement.rows) this.store.put(row)
    return { allowed: true, at: now }
  }

  giveBack(names: readonly string[], at: number): void {
    this.change(names, (row) => {
      const rest = givenBack(row, at)
      return rest.count === 0 ? null : rest
    })
  }

  forgive(names: readonly string[]): void {
    this.change(names, forgiven)
  }

  /** Drops what is forgotten. @returns when there will be more to drop; null: nothing is left */
  tidy(now: number): number | null {
    this.store.dropUntil(now - forgottenAfterMs)
    const oldest = this.store.oldest()
    return oldest === null ? null : oldest + forgottenAfterMs
  }

  private change(names: readonly string[], step: (row: AttemptRow) => AttemptRow | null): void {
    for (const name of names) {
      const row = this.store.find(name)
      if (row === null) continue
      const rest = step(row)
      if (rest === null) this.store.drop(name)
      else this.store.put(rest)
    }
  }

  /**
   * A full store gives a new name the place of the weakest row, and with it that row's attempts. So no name
   * ever counts less than it made: inventing names slows newcomers down and frees nobody.
   */
  private makeRoom(name: string, names: readonly string[], now: number): void {
    if (this.store.size < this.mostRows || this.store.find(name) !== null) return
    this.store.dropUntil(now - forgottenAfterMs)
    if (this.store.size < this.mostRows) return
    const weakest = this.store.weakest(names)
    if (weakest === null) return
    this.store.drop(weakest.name)
    this.store.put({ ...weakest, name })
  }
}
