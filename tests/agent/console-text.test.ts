import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, longestText } from '../../agent/servers/console-text.ts'

const esc = '\u001b'

describe('[C4] of a line', () => {
  test.each([
    ['colours stay', `${esc}[1;31mred${esc}[0m`, `${esc}[1;31mred${esc}[0m`],
    ['colours with colons stay', `${esc}[38:2::1:2:3mx`, `${esc}[38:2::1:2:3mx`],
    ['a tab stays', 'a\tb', 'a\tb'],
    ['emoji of several parts stay', '👩‍👩‍👧 é', '👩‍👩‍👧 é'],
    ['titles go', `${esc}]0;owned\u0007hi`, 'hi'],
    ['links go, their text stays', `${esc}]8;;http://x${esc}\\here${esc}]8;;${esc}\\`, 'here'],
    ['the clipboard is not written', `${esc}]52;c;ZXZpbA==\u0007`, ''],
    ['strings without an end go to the end', `a${esc}]0;b`, 'a'],
    ['device strings go', `${esc}Pq#0;2${esc}\\x`, 'x'],
    ['APC, PM and SOS go', `${esc}_a${esc}\\${esc}^b${esc}\\${esc}Xc${esc}\\x`, 'x'],
    ['their 8-bit forms go', '\u009d0;t\u009cx\u0090q\u009cy\u009f_\u009cz', 'xyz'],
    ['cursor movements go', `${esc}[2J${esc}[1;1H${esc}[?25lx${esc}[K`, 'x'],
    ['an 8-bit CSI goes', '\u009b31mx', 'x'],
    ['a reset goes', `${esc}cx${esc}(Bx`, 'xx'],
    ['a lone ESC goes', `x${esc}`, 'x'],
    ['a colour without its end goes', `x${esc}[31`, 'x'],
    ['bells, backspaces and NUL go', 'a\u0007\u0008\u0000b\u007f', 'ab'],
    ['marks of direction go', 'a\u202eb\u2066c\u200f\u061c', 'abc'],
    ['separators that look like line ends go', 'a\u2028b\u2029\u0085c', 'abc'],
    ['invisible tags go', 'a\u{e0041}\u{e007f}b', 'ab'],
    ['a half of a character becomes a mark', 'a\ud800b', 'a\ufffdb'],
    ['a carriage return at the end goes', 'windows\r', 'windows'],
    ['what a redrawn line said before stays', '10%\r20%', '10% 20%'],
    ['HTML is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%s', (_, given, clean) => {
    expect(cleanText(given)).toBe(clean)
  })

  test('no more than 8 KiB stays, and no half of a character or colour at the cut', () => {
    const wide = cleanText('€'.repeat(5_000))
    const coloured = cleanText(`${'x'.repeat(longestText - 3)}${esc}[31mred`)

    expect(Buffer.byteLength(wide)).toBeLessThanOrEqual(longestText)
    expect(wide).toMatch(/^€+$/)
    expect(coloured).toBe('x'.repeat(longestText - 3))
    expect(cleanText('x'.repeat(100_000))).toHaveLength(longestText)
  })
})

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      esc,
      '[',
      ']',
      'm',
      ';',
      '\\',
      '\u0007',
      '\u009b',
      '\u009c',
      '\u009d',
      '3',
      '1',
      '\r',
    ),
    fc.constantFrom('P', '_', '^', 'X', '?', ' ', '\u202e', '\ud83d', '\u0000', '\n', 'é'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  maxLength: 300,
})

test('[C4] whatever comes in, only text, tabs and complete colours come out', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out
  const safe = /^(?:[^\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b\[[0-9;:]*m)*$/
  fc.assert(
    fc.property(hostile, (text) => {
      const clean = cleanText(text)

      expect(clean).toMatch(safe)
      expect(cleanText(clean)).toBe(clean)
      expect(clean.isWellFormed()).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a line made to be slow is not', () => {
  const evil = [
    `${esc}[`.repeat(20_000),
    `${esc}]`.repeat(20_000),
    '\r'.repeat(40_000),
    `${esc}[${'1;'.repeat(20_000)}`,
  ]

  const before = performance.now()
  for (const line of evil) cleanText(line)

  expect(performance.now() - before).toBeLessThan(200)
})
