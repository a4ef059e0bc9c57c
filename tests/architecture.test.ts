import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cyclesIn, forbiddenImports, importsOf } from './support/architecture.ts'

const folders = ['contract', 'worker', 'durable-objects', 'agent', 'web', 'local', 'tests']
const files = globSync(`{${folders.join(',')}}/**/*.{ts,tsx,mjs}`).map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}))

describe('the house', () => {
  test('imports only what its table allows', () => {
    const forbidden = files.flatMap(({ path, text }) => forbiddenImports(path, importsOf(text)))

    expect(forbidden).toEqual([])
  })

  test('names a forbidden import when one is added', () => {
    const found = [
      ...forbiddenImports('worker/services/servers/list.ts', ['../../../agent/agent.ts']),
      ...forbiddenImports('worker/services/servers/list.ts', ['hono']),
      ...forbiddenImports('worker/routes.ts', ['drizzle-orm']),
      ...forbiddenImports('durable-objects/wake.ts', ['cloudflare:workers']),
      ...forbiddenImports('durable-objects/wake.ts', ['../worker/env.ts']),
      ...forbiddenImports('agent/dispatch.ts', ['dockerode']),
      ...forbiddenImports('contract/ids.ts', ['node:crypto']),
      ...forbiddenImports('web/src/main.tsx', ['../../worker/env.ts']),
      ...forbiddenImports('local/start.ts', ['../worker/app.ts']),
    ]

    expect(found).toHaveLength(9)
    expect(found[0]).toBe('worker/services/servers/list.ts may not import ../../../agent/agent.ts')
  })

  test('has no import cycles', () => {
    const known = new Set(files.map(({ path }) => path))
    const graph = new Map(
      files.map(({ path, text }) => [
        path,
        importsOf(text)
          .filter((name) => name.startsWith('.'))
          .map((name) => normalize(join(dirname(path), name)))
          .filter((target) => known.has(target)),
      ]),
    )

    expect(cyclesIn(graph)).toEqual([])
  })

  test('has no file over 300 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path)

    expect(long).toEqual([])
  })

  test('has no drawer, no barrel and no default zod import', () => {
    const drawers = files.filter(({ path }) =>
      /\/(utils?|helpers?|common|misc|manager)\.(ts|tsx|mjs)$/.test(path),
    )
    const barrels = files.filter(({ text }) => /^export \* from/m.test(text))
    const wideZod = files.filter(({ text }) => /^import (\{|z\b).*from 'zod'/m.test(text))

    expect([...drawers, ...barrels, ...wideZod].map(({ path }) => path)).toEqual([])
  })
})

test('every path that a README names exists', () => {
  const missing = globSync('{*.md,*/README.md,*/*/README.md,contract/PROTOCOL.md}', {
    exclude: ['node_modules/**'],
  }).flatMap((path) =>
    namedPaths(readFileSync(path, 'utf8'))
      .filter((named) => globSync([named, join(dirname(path), named)]).length === 0)
      .map((named) => `${path} names ${named}`),
  )

  expect(missing).toEqual([])
})

/** Words in backquotes that look like a file of this tree: a known folder, or a source file's ending. */
function namedPaths(markdown: string): string[] {
  const quoted = Array.from(markdown.matchAll(/`([^`\s]+)`/g), (match) => match[1] ?? '')
  const inTree = new RegExp(`^(${folders.join('|')}|migrations)/[\\w./-]+$`)
  const source = /^[\w.][\w./-]*\.(ts|tsx|mjs|toml|json|md)$/
  return quoted.filter((word) => (inTree.test(word) || source.test(word)) && !word.includes('<'))
}
