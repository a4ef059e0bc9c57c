import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Styles come one component at a time, so that the first page stays small; a forgotten one shows bare. */
test('every component of the library that the panel uses has its styles', () => {
  const loaded = readFileSync('web/src/styles.ts', 'utf8')
  const used = new Set<string>()
  for (const file of readdirSync('web/src', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tsx')) continue
    const text = readFileSync(`web/src/${file}`, 'utf8')
    const names = /import \{([^}]*)\} from '@mantine\/core'/.exec(text)?.[1] ?? ''
    for (const name of names.matchAll(/\b[A-Z]\w*/g)) used.add(name[0])
  }
  const missing = [...used].filter(
    (name) =>
      existsSync(`node_modules/@mantine/core/styles/${name}.css`) &&
      !loaded.includes(`/${name}.css`),
  )

  expect(used.size).toBeGreaterThan(20)
  expect(missing).toEqual([])
})
