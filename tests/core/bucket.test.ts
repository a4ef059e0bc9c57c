import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bucket, take } from '../../durable-objects/throttle/bucket.ts'
import { Buckets } from '../../durable-objects/throttle/buckets.ts'

const start = Date.parse('2026-11-24T12:00:00Z')
const limits = fc.record({
  quota: fc.integer({ min: 1, max: 1_000 }),
  windowSeconds: fc.integer({ min: 1, max: 3_600 }),
})

/** Takes at each time; the verdicts. */
function takes(limit: { quota: number; windowSeconds: number }, times: readonly number[]) {
  let bucket: Bucket | null = null
  return times.map((now) => {
    const taken = take(bucket, limit, now)
    bucket = taken.bucket
    return taken.verdict
  })
}

describe('a rate limit', () => {
  test('lets its quota through at once, counted down, and not one more', () => {
    fc.assert(
      fc.property(limits, (limit) => {
        const verdicts = takes(limit, Array<number>(limit.quota + 5).fill(start))

        const allowed = verdicts.filter((verdict) => verdict.allowed)
        expect(allowed.map(({ remaining }) => remaining)).toEqual(
          Array.from({ length: limit.quota }, (_, no) => limit.quota - 1 - no),
        )
      }),
      { numRuns: 50 },
    )
  })

  test('lets through what fills again and no more, in any stretch of any requests', () => {
    const gaps = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(limits, gaps, (limit, between) => {
        let now = start
        const times = between.map((ms) => {
          now += ms
          return now
        })
        const allowedAt = takes(limit, times).flatMap(({ allowed }, no) =>
          allowed ? [times[no] ?? 0] : [],
        )

        const perMs = limit.quota / (limit.windowSeconds * 1000)
        for (const [first, from] of allowedAt.entries()) {
          for (const [last, until] of allowedAt.entries()) {
            if (last < first) continue
            const most = limit.quota + (until - from) * perMs
            expect(last - first + 1).toBeLessThanOrEqual(most + 1e-6)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  test('a refusal takes nothing, and waiting as long as it says is enough', () => {
    fc.assert(
      fc.property(limits, fc.nat(5), (limit, more) => {
        const full = Array<number>(limit.quota + 1 + more).fill(start)
        const refused = takes(limit, full).at(-1)
        if (refused === undefined) throw new Error('unreachable')
        expect(refused).toMatchObject({ allowed: false, remaining: 0, limit: limit.quota })

        const after = takes(limit, [...full, start + refused.resetSeconds * 1000]).at(-1)

        expect(after?.allowed).toBe(true)
        const oneMs = (limit.windowSeconds * 1000) / limit.quota
        expect(refused.resetSeconds).toBe(Math.max(1, Math.ceil(oneMs / 1000 - 1e-6)))
      }),
    )
  })

  test('what remains may be asked for at once, and all of it when the time is over', () => {
    fc.assert(
      fc.property(limits, fc.nat(1_000), (limit, used) => {
        const before = Array<number>(1 + (used % limit.quota)).fill(start)
        const verdict = takes(limit, before).at(-1)
        if (verdict === undefined || verdict.remaining === 0) return

        const rest = Array<number>(verdict.remaining).fill(start)
        expect(takes(limit, [...before, ...rest]).every(({ allowed }) => allowed)).toBe(true)
        const later = Array<number>(limit.quota).fill(start + verdict.resetSeconds * 1000)
        expect(takes(limit, [...before, ...later]).every(({ allowed }) => allowed)).toBe(true)
      }),
    )
  })

  test('a clock that was set back, or a smaller limit, empties it at most', () => {
    const small = { quota: 1, windowSeconds: 60 }
    const large = { quota: 240, windowSeconds: 60 }

    const { verdict } = take({ used: 240, at: start }, small, start)
    expect(verdict).toMatchObject({ allowed: false, resetSeconds: 60 })
    const emptied = Array<number>(240).fill(start)
    const later = takes(large, [...emptied, start - 3_600_000, start - 3_599_750])
    expect(later.slice(-2).map(({ allowed }) => allowed)).toEqual([false, true])
  })
})

describe('the buckets of many names', () => {
  const limit = { quota: 2, windowSeconds: 60 }

  test('are apart', () => {
    const buckets = new Buckets()

    const allowed = ['a', 'a', 'a', 'b'].map((name) => buckets.take(name, limit, start).allowed)

    expect(allowed).toEqual([true, true, false, true])
  })

  test('are no more than there is room for; who asked longest ago makes it', () => {
    const buckets = new Buckets(3)
    for (const name of ['a', 'b', 'c', 'a', 'd']) buckets.take(name, limit, start)

    expect(buckets.size).toBe(3)
    expect(buckets.take('a', limit, start).allowed).toBe(false)
    expect(buckets.take('b', limit, start).remaining).toBe(1)
  })
})
