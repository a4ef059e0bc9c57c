import { cursor, type Row, type SharedDatabase, type Value } from './shared-database.ts'

/** A statement that changes something, for those who watch what an object writes. */
export type WriteWatcher = (text: string, bindings: readonly Value[]) => void

/**
 * The storage of one object, as the platform promises it: what is written is kept in memory at once, is on
 * disk a moment later, and until then nothing that the object says leaves it (the output gate). A process that
 * dies loses what is not on disk, and with it everything that was to leave.
 */
export class SimulatedStorage {
  readonly sql: { exec: (text: string, ...bindings: Value[]) => ReturnType<typeof cursor> }
  /** When the alarm is set for; null: it is not. */
  alarm: number | null = null
  /** Throws instead of the end of the next transactions that wrote something, this often. */
  failures = 0
  onAlarm: (at: number | null) => void = () => {}
  onWrite: WriteWatcher = () => {}
  onTurn: () => void = () => {}
  onUndo: () => void = () => {}
  onCommit: () => void = () => {}
  onLoss: () => void = () => {}
  isDirty = false
  private writes = 0
  private safeAlarm: number | null = null
  private gate: (() => void)[] = []
  private readonly database: SharedDatabase

  constructor(database: SharedDatabase) {
    this.database = database
    this.sql = { exec: (text, ...bindings) => cursor(this.exec(text, bindings)) }
    database.run('SAVEPOINT safe')
  }

  transactionSync<T>(work: () => T): T {
    this.database.run('SAVEPOINT turn')
    this.onTurn()
    const before = this.writes
    try {
      const result = work()
      if (this.failures > 0 && this.writes > before) {
        this.failures -= 1
        throw new Error('the storage does not take it')
      }
      this.database.run('RELEASE turn')
      return result
    } catch (error) {
      this.database.run('ROLLBACK TO turn')
      this.database.run('RELEASE turn')
      this.onUndo()
      throw error
    }
  }

  async getAlarm(): Promise<number | null> {
    return this.alarm
  }

  setAlarm(at: number): Promise<void> {
    this.isDirty = true
    this.alarm = at
    this.onAlarm(at)
    return Promise.resolve()
  }

  /** Something leaves the object: at once, or when what was written before it is on disk. */
  leave(work: () => void): void {
    if (this.isDirty) this.gate.push(work)
    else work()
  }

  /** What was written is on disk, and what waited for that leaves. */
  commit(): void {
    if (!this.isDirty) return
    this.database.run('RELEASE safe')
    this.database.run('SAVEPOINT safe')
    this.safeAlarm = this.alarm
    this.isDirty = false
    this.onCommit()
    const { gate } = this
    this.gate = []
    for (const work of gate) work()
  }

  /** The process died: everything after the last commit is gone. */
  lose(): void {
    this.gate = []
    if (!this.isDirty) return
    this.database.run('ROLLBACK TO safe')
    this.isDirty = false
    this.alarm = this.safeAlarm
    this.onLoss()
    this.onAlarm(this.alarm)
  }

  /** The platform took the alarm to run it. */
  takeAlarm(): void {
    this.alarm = null
    this.isDirty = true
  }

  private exec(text: string, bindings: readonly Value[]): Row[] {
    if (!/^\s*(INSERT|DELETE|UPDATE)/.test(text)) return this.database.all(text, bindings)
    this.isDirty = true
    this.writes += 1
    this.onWrite(text, bindings)
    this.database.change(text, bindings)
    return []
  }
}
