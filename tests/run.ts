import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countTests, type TestCount, type VitestReport } from './support/count-tests.ts'

/**
 * Runs test projects one after the other and closes with one line that sums them up:
 * `N passed, N failed`. `quick` leaves out what needs Docker, a browser or minutes.
 */
const suites = {
  quick: ['unit', 'objects'],
  all: ['unit', 'objects', 'simulation', 'system', 'browser'],
}

function runProject(project: string, filters: readonly string[]): TestCount {
  const folder = mkdtempSync(join(tmpdir(), 'catalyst-tests-'))
  const outputFile = join(folder, 'report.json')
  try {
    const run = spawnSync(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        project,
        '--passWithNoTests',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${outputFile}`,
        ...filters,
      ],
      { stdio: 'inherit' },
    )
    return countTests(readReport(outputFile), run.status)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport(file: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // the runner died before it wrote one: countTests calls that a failure
  }
}

const [suite, ...filters] = process.argv.slice(2)
const projects = suite === 'quick' ? suites.quick : suites.all
if (suite !== 'quick') {
  const { prepareMachine } = await import('./support/prepare-machine.ts')
  await prepareMachine()
}

const counts = projects.map((project) => ({ project, ...runProject(project, filters) }))
const sum = (pick: (count: TestCount) => number) =>
  counts.reduce((total, count) => total + pick(count), 0)

console.log('')
for (const { project, passed, failed, skipped } of counts) {
  console.log(`${project}: ${passed} passed, ${failed} failed, ${skipped.length} skipped`)
  for (const name of skipped) console.log(`  skipped: ${name}`)
}
const failed = sum((count) => count.failed)
console.log(`${sum((count) => count.passed)} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
