import { parseArgs } from 'node:util'
import { dockerCli, installMissing, prepareEngine } from '../support/prepare-machine.ts'
import { type BareMachine, type Init, startBareMachine } from './machine.ts'
import { beNewcomer, clone } from './newcomer.ts'
import { joinAsNode } from './second-node.ts'
import { createSteps } from './steps.ts'

/**
 * The README's promise, kept to the letter: on a Debian with nothing on it, a clone of the last commit,
 * `npm start`, another machine as a node, and the tests. Closes with `N passed, N failed`.
 *   npm run test:fresh -- [--source <repository>]
 */
const { values } = parseArgs({ options: { source: { type: 'string', default: '.' } } })
const say = (line: string) => console.log(line)
const { step, count } = createSteps(say)
const machines: BareMachine[] = []

async function newMachine(init: Init): Promise<BareMachine> {
  const machine = await startBareMachine(init, values.source, say)
  machines.push(machine)
  return machine
}

async function walk(): Promise<void> {
  const machine = await newMachine('none')
  const { front, call } = await beNewcomer(machine, step)
  await joinAsNode(await newMachine('systemd'), call, step)
  await step('Ctrl+C ends it again', () => front.interrupt())
  await step('npm run test:quick passes', async () => {
    const status = machine.show(`cd ${clone} && npm run --silent test:quick`)
    if (status !== 0) throw new Error(`it ended with exit code ${status}`)
  })
}

await prepareEngine(say)
const debootstrap = { package: 'debootstrap', files: ['/usr/sbin/debootstrap'] }
await installMissing([dockerCli, debootstrap], say)
try {
  await walk()
} catch (error) {
  if (count.failed === 0) throw error
  say('What would have come after that was not tried.') // the step has said why
} finally {
  for (const machine of machines) await machine.remove()
}
say('')
say('Bare Debians in containers, each with a Docker engine of its own, were started and removed.')
say(`${count.passed} passed, ${count.failed} failed`)
process.exit(count.failed === 0 ? 0 : 1)
