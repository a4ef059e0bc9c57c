import { describe, expect, test } from 'vitest'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { inFrames, withGaps } from '../../durable-objects/console.ts'

function lines(...seqs: number[]): ConsoleLine[] {
  return seqs.map((seq) => ({
    seq,
    at: '2026-01-01T00:00:00.000Z',
    stream: 'stdout',
    text: `line ${seq}`,
  }))
}

function told(taken: readonly ConsoleLine[]): string[] {
  return taken.map(
    (line) => `${line.seq} ${line.stream === 'gap' ? `gap ${line.text}` : line.text}`,
  )
}

describe('console', () => {
  test('[C2] a number that is known is dropped', () => {
    expect(told(withGaps(2, lines(1, 2, 3, 4)))).toEqual(['3 line 3', '4 line 4'])
    expect(withGaps(4, lines(1, 2))).toEqual([])
    expect(told(withGaps(0, lines(1, 1, 2)))).toEqual(['1 line 1', '2 line 2'])
  })

  test('[C2] numbers that skip become one gap line in the place of the last of them', () => {
    expect(told(withGaps(2, lines(6, 7, 9)))).toEqual([
      '5 gap 3',
      '6 line 6',
      '7 line 7',
      '8 gap 1',
      '9 line 9',
    ])
  })

  test('[C3] numbers grow strictly whatever comes, so a browser can resume by number', () => {
    const seqs = withGaps(3, lines(5, 4, 9, 9, 2, 12)).map((line) => line.seq)

    expect(seqs).toEqual([4, 5, 8, 9, 11, 12])
  })

  test('[C3] lines for browsers are cut into small frames and keep their order', () => {
    const long = lines(1, 2, 3).map((line) => ({ ...line, text: 'x'.repeat(30_000) }))

    const frames = inFrames([...long, ...lines(4)])

    expect(frames.map((frame) => frame.map((line) => line.seq))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(inFrames([])).toEqual([])
  })
})
