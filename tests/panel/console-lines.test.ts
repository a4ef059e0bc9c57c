import { expect, test } from 'vitest'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import { gapsIn, mergeLines, shownOf } from '../../web/src/pages/server/console/console-lines.ts'

function line(seq: number, stream: ConsoleLine['stream'] = 'stdout', text = `line ${seq}`) {
  return { seq, at: '2026-01-01T00:00:00.000Z', stream, text } satisfies ConsoleLine
}

const numbers = (lines: readonly ConsoleLine[]) => lines.map(({ seq }) => seq)

test('[C3] lines that come twice are kept once', () => {
  const here = [line(1), line(2), line(3)]

  const again = mergeLines(here, [line(2), line(3), line(4)])
  const nothing = mergeLines(here, [line(2)])

  expect(numbers(again.lines)).toEqual([1, 2, 3, 4])
  expect(numbers(again.added)).toEqual([4])
  expect(nothing.change).toBe('none')
  expect(nothing.lines).toBe(here)
})

test('new lines are appended, older ones rebuild', () => {
  const here = [line(5), line(6)]

  expect(mergeLines(here, [line(7), line(8)]).change).toBe('appended')
  const older = mergeLines(here, [line(3), line(4)])

  expect(older.change).toBe('rebuilt')
  expect(numbers(older.lines)).toEqual([3, 4, 5, 6])
})

test('lines in any order end up in order', () => {
  const merged = mergeLines([], [line(3), line(1), line(2)])

  expect(numbers(merged.lines)).toEqual([1, 2, 3])
})

test('[C2] a gap line says how many lines it stands for, and asks before the line after it', () => {
  const shown = shownOf([line(10), line(158, 'gap', '148'), line(159)], null)

  expect(gapsIn(shown)).toEqual([{ before: 159, count: 148, lost: false }])
})

test('a hole without a gap line is a gap as well', () => {
  expect(gapsIn(shownOf([line(1), line(5)], null))).toEqual([{ before: 5, count: 3, lost: false }])
  expect(gapsIn(shownOf([line(5)], 1))).toEqual([{ before: 5, count: 3, lost: false }])
})

test('what is older than the first line is not missing', () => {
  expect(gapsIn(shownOf([line(900), line(901)], null))).toEqual([])
})

test('[C2] real lines take the place of a gap, and a gap never that of a real line', () => {
  const withGap = [line(1), line(4, 'gap', '3'), line(5)]

  const filled = mergeLines(withGap, [line(2), line(3), line(4)])
  const spoiled = mergeLines(filled.lines, [line(4, 'gap', '1')])

  expect(gapsIn(shownOf(filled.lines, null))).toEqual([])
  expect(spoiled.change).toBe('none')
})

test.each([
  ['unknown', null],
  ['7900', 7900],
])('[D7] lines that the node itself lost cannot be loaded: %s', (text, count) => {
  const shown = shownOf([line(1), line(2, 'gap', text), line(3)], null)

  expect(gapsIn(shown)).toEqual([{ before: 3, count, lost: true }])
})
