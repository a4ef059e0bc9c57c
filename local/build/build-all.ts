import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { type Part, parts } from './parts.ts'
import { rememberSources, sourcesChanged } from './sources.ts'

export interface BuildOptions {
  readonly log: (line: string) => void
  /** Build also what has not changed. */
  readonly force: boolean
}

/**
 * Builds whatever changed since it was built last.
 * @returns the names of the parts that were built
 * @throws Error with the tool's own output when a part does not build
 */
export async function buildAll({ log, force }: BuildOptions): Promise<string[]> {
  mkdirSync('dist', { recursive: true })
  const built: string[] = []
  for (const part of parts) {
    const after = part.intoPanel === true && built.includes('panel')
    if (!force && !after && !sourcesChanged(part)) continue
    log(`Building the ${part.name}`)
    run(part)
    rememberSources(part)
    built.push(part.name)
  }
  return built
}

function run(part: Part): void {
  const result = spawnSync(process.execPath, part.command, {
    encoding: 'utf8',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'warn', CI: 'true' },
  })
  if (result.status !== 0) {
    throw new Error(`The ${part.name} does not build:\n${result.stdout}${result.stderr}`)
  }
}
