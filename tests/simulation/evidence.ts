import type { Timeline } from './timeline.ts'

/** What one seed leaves behind: what broke, what was seen how often, and, when asked for, the whole story. */
export class Evidence {
  readonly broken: { readonly rule: string; readonly what: string; readonly at: number }[] = []
  readonly seen = new Map<string, number>()
  readonly story: string[] = []
  private readonly timeline: Timeline
  private readonly isTold: boolean

  /** @param isTold whether the story is kept, which costs time */
  constructor(timeline: Timeline, isTold: boolean) {
    this.timeline = timeline
    this.isTold = isTold
  }

  /** Something happened that an invariant forbids. */
  breaks(rule: string, what: string): void {
    this.broken.push({ rule, what, at: this.timeline.elapsed() })
    this.tell(() => `BROKEN ${rule}: ${what}`)
  }

  /** Counts a fault or a situation, to prove that it occurs at all. */
  saw(what: string, times = 1): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + times)
  }

  /** A line of the story; only made when somebody reads it. */
  tell(line: () => string): void {
    if (!this.isTold) return
    const at = (this.timeline.elapsed() / 1000).toFixed(3).padStart(9)
    this.story.push(`${at} ${line()}`)
  }
}
