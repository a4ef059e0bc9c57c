import type { RateLimit, RateVerdict } from '../../contract/throttle.ts'
import { type Bucket, take } from './bucket.ts'

const mostBuckets = 10_000

/**
 * The buckets of many names, in memory alone: an object that rested begins with full ones, which costs
 * nobody anything. The name that asked least recently, whose bucket is nearest to full, makes room.
 */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>()
  private readonly most: number

  constructor(most: number = mostBuckets) {
    this.most = most
  }

  /** @param now milliseconds since 1970 */
  take(name: string, limit: RateLimit, now: number): RateVerdict {
    const { bucket, verdict } = take(this.buckets.get(name) ?? null, limit, now)
    this.buckets.delete(name)
    for (const [longestAgo] of this.buckets) {
      if (this.buckets.size < this.most) break
      this.buckets.delete(longestAgo)
    }
    this.buckets.set(name, bucket)
    return verdict
  }

  get size(): number {
    return this.buckets.size
  }
}
