import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Format, lint, types and architecture: what can be said of the code without running it. */
const steps: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ...['contract', 'worker', 'durable-objects', 'agent', 'web', 'local', 'tests', 'tests/objects']
    .filter((folder) => existsSync(`${folder}/tsconfig.json`))
    .map(
      (folder) => [`types: ${folder}`, 'node_modules/typescript/bin/tsc', '-p', folder] as const,
    ),
  [
    'architecture',
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    'tests/architecture',
  ],
]

let broken = 0
for (const [name, ...command] of steps) {
  const run = spawnSync(process.execPath, command, { encoding: 'utf8' })
  const good = run.status === 0
  console.log(`${good ? 'ok  ' : 'FAIL'}  ${name}`)
  if (!good) {
    broken += 1
    console.log(`${run.stdout}${run.stderr}`)
  }
}
process.exit(broken === 0 ? 0 : 1)
