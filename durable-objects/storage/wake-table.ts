import { alarmFor, dueWakes, nextWake, strayWakes, type WakeName } from '../wake.ts'

/** The named wake-ups behind the object's one alarm: a table, so that none is lost with the memory. */
export class WakeTable {
  private readonly storage: DurableObjectStorage
  private readonly wakes: Map<WakeName, number>
  private armed: number | null = null
  private isHeld = false

  constructor(storage: DurableObjectStorage) {
    this.storage = storage
    const rows = storage.sql.exec<{ name: WakeName; at: number }>('SELECT * FROM wakes').toArray()
    this.wakes = new Map(rows.map(({ name, at }) => [name, at]))
  }

  get(name: WakeName): number | null {
    return this.wakes.get(name) ?? null
  }

  next(): number | null {
    return nextWake(this.wakes)
  }

  /** What is due, with what a clock that went back has put off for too long. */
  due(now: number): WakeName[] {
    for (const name of strayWakes(this.wakes, now)) this.set(name, now)
    return dueWakes(this.wakes, now)
  }

  /** Sets when `name` is due; null: not at all. */
  set(name: WakeName, at: number | null): void {
    if (this.get(name) === at) return
    if (at === null) {
      this.wakes.delete(name)
      this.storage.sql.exec('DELETE FROM wakes WHERE name = ?', name)
    } else {
      this.wakes.set(name, at)
      this.storage.sql.exec('INSERT OR REPLACE INTO wakes VALUES (?, ?)', name, at)
    }
  }

  /** The same, unless it is due earlier already. */
  setBy(name: WakeName, at: number): void {
    const known = this.get(name)
    if (known === null || at < known) this.set(name, at)
  }

  /** Tells what the platform's alarm is set for: at the object's start, and in the alarm (null). */
  knowAlarm(at: number | null): void {
    this.armed = at
  }

  /** Leaves the alarm alone while `serve` works through what is due: only what then is wanted counts. */
  hold(serve: () => void): void {
    this.isHeld = true
    try {
      serve()
    } finally {
      this.isHeld = false
    }
  }

  /** Sets the alarm when it is not set early enough. Called after the writes it belongs to, without an await between. */
  arm(now: number): void {
    const at = this.isHeld ? null : alarmFor(this.wakes, this.armed, now)
    if (at === null) return
    this.armed = at
    // Not awaited: it is part of the same write, and the output gate waits for it.
    void this.storage.setAlarm(at)
  }
}
