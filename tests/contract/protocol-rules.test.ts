import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const page = readFileSync('contract/PROTOCOL.md', 'utf8')
const rules = new Set([...page.matchAll(/^\| ([A-Z]\d+) \|/gm)].map((found) => found[1]))

/** Rule ids in the names of tests, `[Q4]`, `[D1, D7]` or `[Q4 to Q6]`, with the file that cites them. */
function citations(): Map<string, string> {
  const cited = new Map<string, string>()
  for (const file of testFiles()) {
    for (const [brackets] of readFileSync(file, 'utf8').matchAll(/\[[NQDCL]\d+[^\]\n]*\]/g)) {
      for (const [id] of brackets.matchAll(/[NQDCL]\d+/g)) cited.set(id, file)
    }
  }
  return cited
}

function testFiles(): string[] {
  return readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join('tests', name))
}

test('every rule of the node link is cited by a test', () => {
  const cited = citations()
  expect(rules.size).toBeGreaterThan(30)
  expect([...rules].filter((id) => id !== undefined && !cited.has(id))).toEqual([])
})

test('no test cites a rule that the page does not have', () => {
  expect([...citations()].filter(([id]) => !rules.has(id))).toEqual([])
})
