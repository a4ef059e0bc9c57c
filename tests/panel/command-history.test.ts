import { expect, test } from 'vitest'
import {
  type History,
  noHistory,
  remember,
  step,
} from '../../web/src/pages/server/console/command-history.ts'

function walk(history: History, ways: readonly ('back' | 'forward')[], written: string): string[] {
  let now = { history, line: written }
  return ways.map((way) => {
    now = step(now.history, way, now.line) ?? now
    return now.line
  })
}

test('up and down go through what was sent and return to what was being written', () => {
  const history = remember(remember(noHistory, 'first'), 'second')

  const seen = walk(history, ['back', 'back', 'back', 'forward', 'forward', 'forward'], 'draft')

  expect(seen).toEqual(['second', 'first', 'first', 'second', 'draft', 'draft'])
})

test('the same line sent twice in a row is remembered once', () => {
  const history = remember(remember(noHistory, 'list'), 'list')

  expect(history.lines).toEqual(['list'])
})

test('the newest hundred lines are kept', () => {
  let history = noHistory
  for (let no = 0; no < 150; no += 1) history = remember(history, `say ${no}`)

  expect(history.lines).toHaveLength(100)
  expect(history.lines.at(-1)).toBe('say 149')
})
