import { expect, test } from 'vitest'
import { PersonName } from '../../contract/api/accounts.ts'
import { allEndpoints } from '../../contract/api/index.ts'
import { onOneLine } from '../../contract/text.ts'

const unruly = [
  'a\nb',
  'a\r\nBcc: all@example.org',
  'a\u2028b',
  '\u202egnp.exe',
  'a\u2066b',
  'a\u0000b',
  'a\u009bb',
]

test('a name stands on one line, and turns nothing that is written beside it', () => {
  for (const name of unruly)
    expect(PersonName.safeParse(name).success, JSON.stringify(name)).toBe(false)
  for (const name of ['Ann', ' 김철수 ', 'نام\u200cها', '👩\u200d🚀']) {
    expect(PersonName.safeParse(name).success, name).toBe(true)
  }
})

test('every name that an endpoint takes is such a name', () => {
  const named = allEndpoints().filter(({ endpoint }) => 'name' in endpoint.body.shape)
  const lax = named.filter(({ endpoint }) => endpoint.body.shape.name?.safeParse('a\nb').success)

  expect(named.length).toBeGreaterThan(10)
  expect(lax.map(({ name }) => name)).toEqual([])
})

test('text of others is put on one line', () => {
  expect(unruly.map((text) => PersonName.safeParse(onOneLine(text)).success)).toEqual(
    unruly.map(() => true),
  )
})
