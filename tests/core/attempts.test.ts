import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AttemptBook } from '../../durable-objects/throttle/attempt-book.ts'
import {
  forgottenAfterMs,
  freeOf,
  isForgotten,
  waitAfter,
  waitOf,
} from '../../durable-objects/throttle/attempts.ts'
import { MemoryAttempts } from '../support/world-throttle.ts'

const start = Date.parse('2026-11-24T12:00:00Z')
const hour = 3_600_000

function bookOf(most?: number) {
  const store = new MemoryAttempts()
  return { store, book: new AttemptBook(store, most) }
}

/** How many of so many attempts at one moment are let through. */
function allowedOf(book: AttemptBook, names: readonly string[], times: number, now = start) {
  const answers = Array.from({ length: times }, () => book.attempt(names, now))
  return answers.filter(({ allowed }) => allowed).length
}

describe('attempts', () => {
  test('five are free for an account, twenty for an address, then each waits twice as long', () => {
    const { book } = bookOf()

    expect(allowedOf(book, ['account:a'], 200)).toBe(5)
    expect(allowedOf(book, ['address:b'], 200)).toBe(20)
    expect([4, 5, 6, 7, 14, 15, 400].map((count) => waitAfter(count, 5) / 1000)).toEqual([
      0, 1, 2, 4, 512, 900, 900,
    ])
  })

  test('of 10,000 guesses in an hour at one account at most 60 are evaluated, spread as anyone likes', () => {
    const spread = fc.array(fc.integer({ min: 0, max: hour - 1 }), {
      minLength: 10_000,
      maxLength: 10_000,
    })
    fc.assert(
      fc.property(spread, (times) => {
        const { book } = bookOf()
        const sorted = times.toSorted((a, b) => a - b)

        const evaluated = sorted.filter((ms) => book.attempt(['account:a'], start + ms).allowed)

        expect(evaluated.length).toBeLessThanOrEqual(60)
        expect(evaluated.length).toBeGreaterThanOrEqual(5)
      }),
      { numRuns: 10 },
    )
  })

  test('who guesses as soon as they may gets 17 in the first hour, and 4 in each after it', () => {
    const { book } = bookOf()
    const perHour = [0, 0, 0]

    for (let second = 0; second < 3 * 3600; second += 1) {
      const { allowed } = book.attempt(['account:a'], start + second * 1000)
      const index = Math.floor(second / 3600)
      if (allowed) perHour[index] = (perHour[index] ?? 0) + 1
    }

    expect(perHour).toEqual([17, 4, 4])
  })

  test('asking too early neither counts nor makes the wait longer', () => {
    const early = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 50 })
    fc.assert(
      fc.property(early, fc.integer({ min: 5, max: 20 }), (asked, count) => {
        const { book, store } = bookOf()
        store.put({ name: 'account:a', count, at: start, before: start })
        const wait = waitAfter(count, 5)

        for (const part of asked) {
          const now = start + Math.floor((part * (wait - 1)) / 1000)
          expect(book.attempt(['account:a'], now)).toEqual({
            allowed: false,
            retryAfterSeconds: Math.ceil((wait - (now - start)) / 1000),
          })
        }

        expect(store.find('account:a')?.count).toBe(count)
        expect(book.attempt(['account:a'], start + wait).allowed).toBe(true)
      }),
    )
  })

  test('waiting as long as was said is always enough, and a second less never is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.nat(899_999), (count, agoMs) => {
        const { book, store } = bookOf()
        const now = start + agoMs
        store.put({ name: 'account:a', count, at: start, before: start })
        const first = book.attempt(['account:a'], now)
        fc.pre(!first.allowed)

        const retryAt = now + first.retryAfterSeconds * 1000
        expect(book.attempt(['account:a'], retryAt - 1000).allowed).toBe(false)
        expect(book.attempt(['account:a'], retryAt).allowed).toBe(true)
      }),
    )
  })

  test('names are counted together or not at all', () => {
    const { book, store } = bookOf()
    allowedOf(book, ['account:a'], 5)

    expect(allowedOf(book, ['address:x', 'account:a'], 100)).toBe(0)

    expect(store.find('address:x')).toBeNull()
  })

  test('an hour of quiet is forgotten, and no sooner than the longest wait', () => {
    const { book } = bookOf()
    allowedOf(book, ['account:a'], 5)

    expect(allowedOf(book, ['account:a'], 200, start + forgottenAfterMs - 1)).toBe(1)
    expect(allowedOf(book, ['account:a'], 200, start + 2 * forgottenAfterMs)).toBe(5)
    expect(forgottenAfterMs).toBeGreaterThan(waitAfter(1_000, 5))
  })

  test('a clock that was set back makes nobody wait longer than the rule', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 0, max: 60 }),
        (back, count) => {
          const row = { name: 'account:a', count, at: start, before: start }

          expect(waitOf(row, start - back)).toBe(waitAfter(count, freeOf('account:a')))
          expect(isForgotten(row, start - back)).toBe(false)
        },
      ),
    )
  })
})

describe('attempts that were right', () => {
  test('let an account begin anew', () => {
    const { book, store } = bookOf()
    allowedOf(book, ['account:a'], 5)

    book.forgive(['account:a'])

    expect(store.size).toBe(0)
    expect(allowedOf(book, ['account:a'], 200)).toBe(5)
  })

  test('take themselves from an address, so that an office signs in as often as it likes', () => {
    const { book } = bookOf()

    for (let person = 0; person < 500; person += 1) {
      const names = ['address:office', `account:${person}`]
      expect(book.attempt(names, start).allowed).toBe(true)
      book.forgive(names)
    }
  })

  test('of an account of their own give nobody more guesses at others', () => {
    const { book } = bookOf()
    let guesses = 0

    for (let turn = 0; turn < 200; turn += 1) {
      const mine = ['address:x', 'account:mine']
      if (book.attempt(mine, start).allowed) book.forgive(mine)
      if (book.attempt(['address:x', `account:${turn}`], start).allowed) guesses += 1
    }

    expect(guesses).toBe(20)
  })
})

describe('an attempt given back', () => {
  test('leaves no trace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.nat(hour), (count, agoMs) => {
        const { book, store } = bookOf()
        const row = { name: 'address:x', count, at: start - agoMs, before: start - agoMs }
        if (count > 0) store.put(row)
        const counted = book.attempt(['address:x'], start)
        fc.pre(counted.allowed && !isForgotten(row, start))

        book.giveBack(['address:x'], counted.at)

        const left = store.find('address:x')
        expect(left && { count: left.count, at: left.at }).toEqual(
          count === 0 ? null : { count, at: row.at },
        )
      }),
    )
  })

  test('that others followed leaves their wait', () => {
    const { book, store } = bookOf()
    store.put({ name: 'address:x', count: 25, at: start - hour / 2, before: start - hour / 2 })
    const first = book.attempt(['address:x'], start)
    const later = book.attempt(['address:x'], start + 64_000)
    if (!first.allowed || !later.allowed) throw new Error('both waited long enough')

    book.giveBack(['address:x'], first.at)

    expect(store.find('address:x')).toMatchObject({ count: 26, at: later.at })
    expect(book.attempt(['address:x'], start + 65_000).allowed).toBe(false)
  })
})

describe('names without end', () => {
  test('fill no more than the rows there are', () => {
    const { book, store } = bookOf(50)

    for (let no = 0; no < 5_000; no += 1) book.attempt([`account:${no}`], start + no)

    expect(store.size).toBe(50)
  })

  test('free nobody: each name is let through at most as often as alone', () => {
    const step = fc.record({ who: fc.nat(11), laterMs: fc.nat(4_000) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 400 }), (steps) => {
        const crowded = bookOf(6).book
        const alone = bookOf().book
        const let_ = { crowded: new Map<string, number>(), alone: new Map<string, number>() }
        let now = start
        for (const { who, laterMs } of steps) {
          now += laterMs
          const name = `account:${who}`
          if (crowded.attempt([name], now).allowed) count(let_.crowded, name)
          if (alone.attempt([name], now).allowed) count(let_.alone, name)
          expect(let_.crowded.get(name) ?? 0).toBeLessThanOrEqual(let_.alone.get(name) ?? 0)
        }
      }),
    )
  })

  test('push out those with the fewest attempts first', () => {
    const { book, store } = bookOf(10)
    allowedOf(book, ['account:guessed'], 5)

    for (let no = 0; no < 40; no += 1) book.attempt([`account:invented-${no}`], start + no)

    expect(store.find('account:guessed')?.count).toBe(5)
    expect(allowedOf(book, ['account:guessed'], 1, start + 500)).toBe(0)
  })

  test('that are forgotten make room first', () => {
    const { book, store } = bookOf(10)
    for (let no = 0; no < 10; no += 1) book.attempt([`account:${no}`], start)

    expect(allowedOf(book, ['account:new'], 200, start + hour)).toBe(5)

    expect(store.size).toBe(1)
    expect(book.tidy(start + hour)).toBe(start + 2 * hour)
    expect(book.tidy(start + 2 * hour)).toBeNull()
  })
})

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
