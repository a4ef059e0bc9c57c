import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryReader, frameReader, type LogEntry } from '../../../agent/runtime/log-frames.ts'
import {
  advance,
  epochTime,
  fixedTime,
  type LogPosition,
  resumeAfter,
  sinceFor,
} from '../../../agent/runtime/log-position.ts'

function frame(text: string, kind = 1): Buffer {
  const payload = Buffer.from(text)
  const header = Buffer.alloc(8)
  header[0] = kind
  header.writeUInt32BE(payload.length, 4)
  return Buffer.concat([header, payload])
}

function read(chunks: readonly Buffer[]): LogEntry[] {
  const entries: LogEntry[] = []
  const readEntry = entryReader()
  const take = frameReader((stream, payload) => {
    entries.push(readEntry(stream, payload))
    return undefined
  })
  for (const chunk of chunks) take(chunk)
  return entries
}

const time = '2026-11-24T20:00:00.000000001Z'

describe("the engine's frames", () => {
  test('are read wherever the chunks break', () => {
    const bytes = Buffer.concat([frame(`${time} one\n`), frame(`${time} zwö\n`, 2)])

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
        const ends = [...cuts.sort((one, other) => one - other), bytes.length]
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))

        expect(read(chunks)).toEqual([
          { at: time, stream: 'stdout', text: 'one', continues: false },
          { at: time, stream: 'stderr', text: 'zwö', continues: false },
        ])
      }),
    )
  })

  test('hold lines that may be empty, end without a break, or hold bytes that are no text', () => {
    const broken = Buffer.concat([
      Buffer.from(`${time} a`),
      Buffer.from([0xff]),
      Buffer.from('b\n'),
    ])
    const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, broken.length])

    const texts = read([frame(`${time} \n`), frame(`${time} open`), header, broken]).map(
      ({ text }) => text,
    )

    expect(texts).toEqual(['', 'open', 'a\ufffdb'])
  })

  test('of a long line are told from the line after it, whether or not its last one is marked', () => {
    const part = 'x'.repeat(16 * 1024)
    const later = '2026-11-24T20:00:00.000000002Z'

    const flags = read([
      frame(`${time} ${part}`),
      frame(`${time} err\n`, 2),
      frame(`${time} ${part}`),
      frame(`${time} rest`),
      frame(`${later} next\n`),
      frame(`${later} ${part}`),
      frame(`${later} \n`),
      frame(`${later} after\n`),
    ]).map(({ text, continues }) => `${text.slice(0, 5)} ${continues}`)

    expect(flags).toEqual([
      'xxxxx false',
      'err false',
      'xxxxx true',
      'rest true',
      'next false',
      'xxxxx false',
      ' true',
      'after false',
    ])
  })

  test('that are none are refused instead of being waited for', () => {
    const take = frameReader(() => undefined)

    expect(() => take(Buffer.from('HTTP/1.1 200 OK'))).toThrow(/not in frames/)
  })

  test('are read no further when the reader has enough', () => {
    const seen: string[] = []
    const take = frameReader((_, payload) => {
      seen.push(payload.toString())
      return seen.length < 2 ? undefined : false
    })

    expect(take(Buffer.concat([frame('a'), frame('b'), frame('c')]))).toBe(false)
    expect(seen).toEqual(['a', 'b'])
  })
})

describe('times', () => {
  test('have nine digits, so that texts compare like moments', () => {
    expect(fixedTime('2026-11-24T20:00:00Z')).toBe('2026-11-24T20:00:00.000000000Z')
    expect(fixedTime('2026-11-24T20:00:00.5Z')).toBe('2026-11-24T20:00:00.500000000Z')
    expect(() => fixedTime('yesterday')).toThrow(/not a time/)
  })

  test('reach the engine to the nanosecond', () => {
    expect(epochTime('1970-01-02T00:00:01.000000012Z')).toBe('86401.000000012')
    expect(sinceFor({ at: '1970-01-01T00:00:00.000000012Z', same: 1, latest: '' })).toBe(
      '1969-12-31T23:59:59.000000012Z',
    )
  })
})

/**
 * A log in which some neighbours share a time, and some are out of order by a little, as two
 * streams write it.
 */
const anyLog = fc
  .array(fc.record({ times: fc.integer({ min: 1, max: 3 }), swapped: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((groups) => {
    const order = groups.map((_, index) => index)
    for (const [index, { swapped }] of groups.entries()) {
      if (swapped && index > 0) order.splice(index - 1, 2, order[index] ?? 0, order[index - 1] ?? 0)
    }
    return order.flatMap((moment, index) => {
      const at = `2026-11-24T20:00:00.${String(moment).padStart(9, '0')}Z`
      return Array.from({ length: groups[index]?.times ?? 1 }, () => at)
    })
  })

function positionAfter(times: readonly string[]): LogPosition | null {
  return times.reduce<LogPosition | null>((position, at) => advance(position, at), null)
}

describe('[D7] reading on from a position', () => {
  test('finds every entry after it once, in a log that holds it', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), (log, cut) => {
        const read = 1 + (cut % log.length)
        const position = positionAfter(log.slice(0, read))
        if (position === null) throw new Error('nothing was read')

        const judge = resumeAfter(position, true)
        const fresh = log.filter((at) => judge(at) === 'new')

        expect(fresh).toEqual(log.slice(read))
      }),
    )
  })

  test('from a tail too, unless the tail does not reach back: then it says so before anything is new', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(), fc.nat(), (log, cut, skip) => {
        const read = 1 + (cut % log.length)
        const position = positionAfter(log.slice(0, read))
        if (position === null) throw new Error('nothing was read')
        const start = skip % log.length

        const judge = resumeAfter(position, start === 0)
        const fresh: number[] = []
        for (const [index, at] of log.entries()) {
          if (index < start) continue
          const verdict = judge(at)
          if (verdict === 'missing') break
          if (verdict === 'new') fresh.push(index)
        }

        if (fresh.length > 0) expect(fresh).toEqual([...log.keys()].slice(read))
      }),
    )
  })

  test('says that the last entry is gone as soon as a later one comes before it', () => {
    const [first = '', second = '', third = ''] = [1, 2, 3].map(
      (n) => `2026-11-24T20:00:0${n}.000000000Z`,
    )
    const position = positionAfter([first, second])
    if (position === null) throw new Error('nothing was read')

    expect(resumeAfter(position, true)(third)).toBe('missing')
  })

  test('is not led astray by a clock that was set back', () => {
    const log = ['13:00:00', '13:00:01', '12:00:00', '12:00:01', '12:30:00'].map(
      (clock) => `2026-11-24T${clock}.000000000Z`,
    )
    const position = positionAfter(log.slice(0, 4))
    if (position === null) throw new Error('nothing was read')

    const judge = resumeAfter(position, true)

    expect(log.map(judge)).toEqual(['seen', 'seen', 'seen', 'seen', 'new'])
  })
})
