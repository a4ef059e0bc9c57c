/** An agent may send so many frames a second, averaged over the window [N10]. */
export const framesPerSecond = 200
export const windowSeconds = 10

/** `begins` once per window: the agent is to be told. */
export type Rate = 'fine' | 'begins' | 'floods'

/** Counts the frames of the live link, second by second. Lost with the object's memory, which is harmless. */
export class Flood {
  private readonly counts = new Array<number>(windowSeconds).fill(0)
  private epoch = 0
  private second = 0
  private toldUntil = 0

  /**
   * Counts one frame.
   * @param now milliseconds since 1970
   */
  count(epoch: number, now: number): Rate {
    const second = Math.floor(now / 1000)
    if (epoch !== this.epoch || second < this.second) this.begin(epoch, second)
    const passed = Math.min(second - this.second, windowSeconds)
    for (let ago = 0; ago < passed; ago += 1) this.counts[(second - ago) % windowSeconds] = 0
    this.second = second
    const slot = second % windowSeconds
    this.counts[slot] = (this.counts[slot] ?? 0) + 1
    const total = this.counts.reduce((sum, count) => sum + count, 0)
    if (total <= framesPerSecond * windowSeconds) return 'fine'
    if (second < this.toldUntil) return 'floods'
    this.toldUntil = second + windowSeconds
    return 'begins'
  }

  private begin(epoch: number, second: number): void {
    this.counts.fill(0)
    this.epoch = epoch
    this.second = second
    this.toldUntil = 0
  }
}

/** What an agent that floods can do without: lines become a gap, samples come again. */
export function isEssential(type: string): boolean {
  return type !== 'console' && type !== 'stats'
}
