import { expect, test } from 'vitest'
import { editFile } from '../../../agent/files/config/edit-file.ts'

/** What stands there, what is to, and what is written. */
const cases: [string, string | number | boolean, string][] = [
  ['1', '25565', '25565'],
  ['"1"', '25565', '"25565"'],
  ['null', '25565', '25565'],
  ['1.5', '2.25', '2.25'],
  ['true', 'false', 'false'],
  ['true', '0', '0'],
  ['1', 'true', '"true"'],
  ['"no"', 'true', '"true"'],
  ['1', '007', '"007"'],
  ['1', '1e3', '"1e3"'],
  ['1', '12345678901234567890', '"12345678901234567890"'],
  ['"a"', 5, '5'],
  ['"a"', true, 'true'],
  ['{}', '5', '5'],
]

test.each(cases)('[D8] in json %s becomes, by %j, %s', (before, value, after) => {
  const text = `{"a": ${before}}`

  const { bytes } = editFile('json', Buffer.from(text), [{ match: 'a', ifValue: null, value }])

  expect(bytes.toString()).toBe(`{"a": ${after}}`)
})

test.each([
  ['1', '25565', '25565'],
  ["'1'", '25565', "'25565'"],
  ['', '25565', '25565'],
  ['yes', 'false', 'false'],
  ["'yes'", 'false', "'false'"],
  ['true', 'no', "'no'"],
  ['text', '12:30', "'12:30'"],
])('[D8] in yaml %s becomes, by %j, %s', (before, value, after) => {
  const text = before === '' ? 'a:\n' : `a: ${before}\n`

  const { bytes } = editFile('yaml', Buffer.from(text), [{ match: 'a', ifValue: null, value }])

  expect(bytes.toString()).toBe(`a: ${after}\n`)
})

test('[D8] what is new is a number when it is written like one', () => {
  const edits = [
    { match: 'port', ifValue: null, value: '25565' },
    { match: 'name', ifValue: null, value: 'x' },
  ]

  expect(editFile('json', Buffer.alloc(0), edits).bytes.toString()).toBe(
    '{\n  "port": 25565,\n  "name": "x"\n}\n',
  )
  expect(editFile('yaml', Buffer.alloc(0), edits).bytes.toString()).toBe('port: 25565\nname: x\n')
})
