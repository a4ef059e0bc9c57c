import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { killWorkerdUnderLoad } from './faults/workerd-kills.ts'
import { prepareMachine } from './support/prepare-machine.ts'

/**
 * Everything that takes too long for `npm test`, in the sizes that are promised: about an hour. Each part
 * prints its figures; it exits with 1 when one of them failed.
 */
const failed: string[] = []

function part(name: string, command: string, args: readonly string[], env: object = {}): void {
  console.log(`\n== ${name}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) failed.push(name)
}

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project']
const Package = z.object({ scripts: z.record(z.string(), z.string()) })

await prepareMachine()
if ('sim' in Package.parse(JSON.parse(readFileSync('package.json', 'utf8'))).scripts) {
  part('200,000 seeds of the simulator', 'npm', ['run', 'sim', '--', '--seeds', '200000'])
}
const evictions = [...vitest, 'objects', 'tests/objects/evictions.test.ts']
part('200 evictions', process.execPath, evictions, { EVICTIONS: '200' })

console.log('\n== 100 kills of workerd under load')
const kills = await killWorkerdUnderLoad(100)
console.log(JSON.stringify(kills))
if (kills.lost.length + kills.twice.length + kills.wrong.length > 0) failed.push('workerd kills')

part('faults between real processes', process.execPath, ['tests/faults/soak.ts', '--full'])
part('the real timers', process.execPath, ['tests/faults/soak.ts', '--real-timers'])

console.log(failed.length === 0 ? '\nall passed' : `\nfailed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
