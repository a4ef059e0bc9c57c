/** A seeded source of chance (mulberry32): the same seed tells the same story. */
export class Random {
  private state: number
  private readonly seed: number

  constructor(seed: number) {
    this.seed = seed >>> 0
    this.state = this.seed
  }

  /** A source of its own for one concern, so that leaving another concern out does not shift it. */
  fork(name: string): Random {
    let mixed = this.seed ^ 0x9e3779b9
    for (const char of name) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193)
    const child = new Random(mixed)
    child.next() // Neighbouring seeds differ in a few bits only; one step spreads them.
    return child
  }

  /** At least 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }

  /** One of the items, of which there must be one. */
  one<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0]
  }
}
