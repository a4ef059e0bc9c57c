import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Part } from './parts.ts'

/** Whether a part's sources differ from those of its last build, or its output is missing. */
export function sourcesChanged(part: Part): boolean {
  const file = stampFile(part)
  if (!existsSync(part.output) || !existsSync(file)) return true
  return readFileSync(file, 'utf8') !== hashOf(part)
}

/** Notes what a part was built from. */
export function rememberSources(part: Part): void {
  writeFileSync(stampFile(part), hashOf(part))
}

function stampFile(part: Part): string {
  return join('dist', `.${part.name}.sources`)
}

function hashOf(part: Part): string {
  const hash = createHash('sha256')
  const files = part.sources.flatMap((source) =>
    statSync(source).isDirectory() ? globSync(`${source}/**/*`) : [source],
  )
  for (const file of files.sort()) {
    if (statSync(file).isFile()) hash.update(file).update('\0').update(readFileSync(file))
  }
  return hash.digest('hex')
}
