import { expect, test } from 'vitest'
import { median, table } from '../bench/figures.ts'

test('a median is the middle value, whatever the order', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2)
  expect(median([])).toBeNaN()
})

test('a table shows each figure with its reference, their ratio and its limit', () => {
  const shown = table([
    {
      name: 'list',
      what: 'all',
      value: 30,
      unit: 'ms',
      reference: { what: 'one', value: 10 },
      limit: null,
    },
    { name: 'size', what: 'of it', value: 300.4, unit: 'kB', reference: null, limit: 250 },
  ])

  expect(shown.split('\n')).toEqual([
    'list  30 ms   10 ms one  x 3            all',
    'size  300 kB                  OVER 250  of it',
  ])
})
