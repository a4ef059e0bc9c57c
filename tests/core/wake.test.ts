import { describe, expect, test } from 'vitest'
import { alarmFor, dueWakes, nextWake, strayWakes, type Wakes } from '../../durable-objects/wake.ts'

const wakes: Wakes = new Map([
  ['outbox', 300],
  ['liveness', 200],
  ['prune', 900],
])

describe('wakes', () => {
  test('several named wakes share one alarm: the earliest counts', () => {
    expect(nextWake(wakes)).toBe(200)
    expect(nextWake(new Map())).toBeNull()
  })

  test('every wake whose time has come is due, none before', () => {
    expect(dueWakes(wakes, 199)).toEqual([])
    expect(dueWakes(wakes, 300)).toEqual(['liveness', 'outbox'])
  })

  test('the alarm is only moved forward, for an early one costs less than moving it', () => {
    expect(alarmFor(wakes, null, 0)).toBe(200)
    expect(alarmFor(wakes, 500, 0)).toBe(200)
    expect(alarmFor(wakes, 100, 0)).toBeNull()
    expect(alarmFor(new Map(), 100, 0)).toBeNull()
  })

  test('a wake that a clock has put off for longer than it is ever set is due', () => {
    const day = 24 * 3_600_000
    const far: Wakes = new Map([
      ['liveness', day],
      ['prune', day],
      ['outbox', 60_000],
    ])

    expect(strayWakes(far, 0)).toEqual(['liveness'])
    expect(strayWakes(far, day)).toEqual([])
  })

  test('an overdue wake is set a little ahead, so that an alarm cannot become a busy loop', () => {
    expect(alarmFor(wakes, null, 1000)).toBe(1010)
  })
})
