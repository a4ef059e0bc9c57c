import { expect, test } from 'vitest'
import type { ConsoleLine } from '../../contract/protocol/console.ts'
import {
  fileText,
  gapIn,
  gapText,
  plainText,
  safeText,
  terminalText,
} from '../../web/src/pages/server/console/console-text.ts'

const esc = '\x1b'
const at = '2026-01-01T12:00:00.000Z'
const shown = (stream: ConsoleLine['stream'], text: string) =>
  ({ kind: 'line', line: { seq: 1, at, stream, text } }) as const

test('[C4] colours and tabs pass', () => {
  const text = `${esc}[31;1mred${esc}[0m\t${esc}[38;5;208morange${esc}[38;2;1;2;3mtrue`

  expect(safeText(text)).toBe(text)
  expect(plainText(text)).toBe('red\torangetrue')
})

test.each([
  ['clearing the screen', `${esc}[2J`],
  ['moving the cursor', `${esc}[10;5H`],
  ['a title', `${esc}]0;evil\x07`],
  ['writing the clipboard', `${esc}]52;c;ZXZpbA==${esc}\\`],
  ['a device string', `${esc}Pq#0${esc}\\`],
  ['a full reset', `${esc}c`],
  ['an unfinished title', `${esc}]0;evil`],
  ['the eight-bit introducer', '\x9b2J'],
  ['line ends and bells', '\r\n\x07\x00'],
])('[C4] a node that lies cannot have the terminal do this: %s', (_what, order) => {
  expect(safeText(`a${order}`)).toBe('a')
})

test('what was typed is told apart from what was printed', () => {
  expect(plainText(terminalText(shown('input', 'say hi'), false))).toBe('> say hi')
  expect(fileText(shown('input', 'say hi'))).toBe(`${at} > say hi`)
  expect(fileText(shown('stdout', `${esc}[1mhi`))).toBe(`${at} hi`)
})

test('the words of a gap name the line before which it is, and no other text does', () => {
  expect(gapIn(gapText({ before: 159, count: 148, lost: false }))).toBe(159)
  expect(gapIn(gapText({ before: 2, count: null, lost: false }))).toBe(2)
  expect(gapIn('148 lines missed before #159')).toBeNull()
  expect(gapIn(gapText({ before: 3, count: 7900, lost: true }))).toBeNull()
})
