import { describe, expect, test } from 'vitest'
import { Flood, framesPerSecond, isEssential, type Rate } from '../../durable-objects/flood.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')

/** Sends so many frames in each of some seconds; what each was said to be. */
function sends(flood: Flood, perSecond: number, seconds: number, from = 0, epoch = 1): Rate[] {
  const rates: Rate[] = []
  for (let second = from; second < from + seconds; second += 1) {
    for (let frame = 0; frame < perSecond; frame += 1) {
      rates.push(flood.count(epoch, start + second * 1000 + (frame * 1000) / perSecond))
    }
  }
  return rates
}

describe('the rate of frames', () => {
  test('[N10] 200 a second are fine for ever, and ten seconds worth of them at once', () => {
    expect(new Set(sends(new Flood(), framesPerSecond, 60))).toEqual(new Set(['fine']))
    expect(new Set(sends(new Flood(), framesPerSecond * 10, 1))).toEqual(new Set(['fine']))
  })

  test('[N10] more is told once in ten seconds, as long as it goes on', () => {
    const rates = sends(new Flood(), 400, 30)

    expect(rates.slice(0, 2_000).every((rate) => rate === 'fine')).toBe(true)
    expect(rates.filter((rate) => rate === 'begins')).toHaveLength(3)
    expect(rates.at(-1)).toBe('floods')
  })

  test('[N10] it is over when the average has come down, and counts anew for another link', () => {
    const flood = new Flood()
    sends(flood, 400, 20)

    expect(sends(flood, 1, 1, 40)).toEqual(['fine'])
    sends(flood, 3_000, 1, 50)
    expect(sends(flood, 1, 1, 50, 2)).toEqual(['fine'])
  })

  test('[N10] only console lines and samples can be done without', () => {
    const types = ['accepted', 'progress', 'done', 'observed', 'observed_end', 'runtime', 'reply']

    expect(types.every(isEssential)).toBe(true)
    expect(['console', 'stats'].some(isEssential)).toBe(false)
  })
})
