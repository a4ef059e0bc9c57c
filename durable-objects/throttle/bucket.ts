import type { RateLimit, RateVerdict } from '../../contract/throttle.ts'

export interface Bucket {
  /** Requests that it lacks of its quota; a fraction while it fills. */
  readonly used: number
  /** When that was so, in milliseconds since 1970. */
  readonly at: number
}

/** What a request leaves behind. */
export interface Taken {
  readonly bucket: Bucket
  readonly verdict: RateVerdict
}

/**
 * A bucket of `quota` requests that fills evenly, in one window from empty to full. A refused request takes
 * nothing. A full bucket and none are the same, so one that has filled may be forgotten.
 * @param before null: nobody asked yet
 */
export function take(before: Bucket | null, limit: RateLimit, now: number): Taken {
  const { quota } = limit
  const eachMs = (limit.windowSeconds * 1000) / quota
  const used = before === null ? 0 : usedAt(before, quota, eachMs, now)
  const allowed = used + 1 <= quota + rounding
  const after = allowed ? used + 1 : used
  const remaining = Math.max(0, Math.floor(quota - after + rounding))
  const missing = remaining > 0 ? after : after + 1 - quota
  const resetSeconds = Math.max(1, Math.ceil((missing * eachMs) / 1000 - rounding))
  return {
    bucket: { used: after, at: now },
    verdict: { allowed, limit: quota, remaining, resetSeconds },
  }
}

/** Never more than empty: neither a clock that was set back nor a smaller limit makes anybody wait longer. */
function usedAt({ used, at }: Bucket, quota: number, eachMs: number, now: number): number {
  const filled = Math.max(0, now - at) / eachMs
  return Math.min(Math.max(0, used - filled), quota)
}

/** Quotas that do not divide their window leave fractions that do not quite add up. */
const rounding = 1e-9
