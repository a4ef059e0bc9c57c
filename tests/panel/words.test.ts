import { expect, test } from 'vitest'
import * as z from 'zod'
import { bytesText, counted, mebibytesText } from '../../web/src/ui/amounts.ts'
import { fieldMessage } from '../../web/src/ui/field-message.ts'
import { agoText, durationText } from '../../web/src/ui/time-text.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [123_456_789, '118 MiB'],
  [-5, '0 B'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test('memory is counted in mebibytes', () => {
  expect(mebibytesText(512)).toBe('512 MiB')
  expect(mebibytesText(2048)).toBe('2 GiB')
})

test.each([
  [4999, 'just now'],
  [12_000, '12 s ago'],
  [180_000, '3 min ago'],
  [4_800_000, '1 h 20 min ago'],
  [90_000_000, '1 d 1 h ago'],
  [-1000, 'just now'],
])('%d ms are told as %s', (ms, text) => {
  expect(agoText(ms)).toBe(text)
})

test('a duration of whole hours names no minutes', () => {
  expect(durationText(7_200_000)).toBe('2 h')
})

test('one is counted differently from many', () => {
  expect(counted(1, 'server')).toBe('1 server')
  expect(counted(2, 'server')).toBe('2 servers')
  expect(counted(3, 'entry', 'entries')).toBe('3 entries')
})

test.each([
  [z.string().min(1), '', 'Fill this in.'],
  [z.string().min(8), 'short', 'At least 8 characters.'],
  [z.email(), 'nonsense', 'This is no e-mail address.'],
  [z.int().min(1024), 80, 'At least 1024.'],
  [z.int(), '', 'Fill this in.'],
  [z.number(), 'many', 'Give a number.'],
  [z.string().regex(/^a$/, 'Only the letter a.'), 'b', 'Only the letter a.'],
])('a wrong field is told in words, case %#', (schema, value, sentence) => {
  const result = schema.safeParse(value, { error: fieldMessage })

  expect(result.error?.issues[0]?.message).toBe(sentence)
})
