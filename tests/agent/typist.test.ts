import { expect, test } from 'vitest'
import { createTypist } from '../../agent/servers/typist.ts'
import { manualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

test('lines for one server are typed with a pause between them, those for another at once', async () => {
  const clock = manualClock()
  const typed: string[] = []
  const typist = createTypist(
    {
      write: async (containerId, text) => {
        typed.push(`${containerId} ${text.trimEnd()}`)
      },
    },
    clock,
  )
  await typist.type('one', 'say hello')
  const second = typist.type('one', 'exit')
  await typist.type('other', 'status')
  const before = [...typed]

  clock.advance(100)
  await second
  await until(() => typed.length === 3)

  expect(before).toEqual(['one say hello', 'other status'])
  expect(typed.at(-1)).toBe('one exit')
})
