interface Entry {
  readonly due: number
  readonly order: number
  work: (() => void) | null
}

/** Where the simulated world begins. Milliseconds since 1970. */
const beginsAt = Date.parse('2026-01-01T00:00:00Z')

/**
 * True time of the simulated world and everything that is to happen in it, in order. Nothing sleeps: time
 * moves to whatever comes next. Clocks of machines are derived from it and may be wrong.
 */
export class Timeline {
  now = beginsAt
  /** How many things happened. */
  events = 0
  private readonly heap: Entry[] = []
  private count = 0

  /** Milliseconds since the world began. */
  elapsed(): number {
    return this.now - beginsAt
  }

  /** Does `work` after a time, in whole milliseconds; the returned function calls it off. */
  after(ms: number, work: () => void): () => void {
    this.count += 1
    const entry: Entry = { due: this.now + Math.ceil(Math.max(0, ms)), order: this.count, work }
    this.push(entry)
    return () => {
      entry.work = null
    }
  }

  /**
   * Lets everything happen that is due up to `until`. After each event all that follows from it at once
   * (resolved promises) comes to rest before the next.
   */
  async run(until: number): Promise<void> {
    for (let next = this.heap[0]; next !== undefined && next.due <= until; next = this.heap[0]) {
      this.pop()
      if (next.work === null) continue
      this.now = next.due
      this.events += 1
      next.work()
      await atRest()
    }
    this.now = Math.max(this.now, until)
  }

  private push(entry: Entry): void {
    const { heap } = this
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || isBefore(parent, entry)) break
      heap[at] = parent
      at = up
    }
    heap[at] = entry
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      let least = heap[left]
      let child = left
      const other = heap[right]
      if (least !== undefined && other !== undefined && isBefore(other, least)) {
        least = other
        child = right
      }
      if (least === undefined || isBefore(last, least)) break
      heap[at] = least
      at = child
    }
    heap[at] = last
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order)
}

/**
 * Resolves when no promise is left that could go on by itself: Node runs its ticks when the queue of
 * microtasks is empty, and a turn of the event loop would cost three times as much.
 */
function atRest(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
