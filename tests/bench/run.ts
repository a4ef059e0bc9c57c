import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildAll } from '../../local/build/build-all.ts'
import { prepareDocker } from '../../local/docker-preflight.ts'
import { removeStack, startStack } from '../support/stack.ts'
import { joinAsAgent } from './bench-agent.ts'
import { type Figure, table } from './figures.ts'
import { benchServers, consoleLine, idleAgent, longList, powerClick } from './panel-figures.ts'
import { sizes } from './sizes.ts'

/** Measures what is claimed, each figure beside its reference in the same run. Never fails for being slow. */
const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
const wanted = (name: string) => values.only === undefined || name.includes(values.only)
const say = (line: string) => console.log(line)

await buildAll({ log: say, force: false })
const figures: Figure[] = sizes().filter(({ name }) => wanted(name))
const names = ['power click', 'console line', 'server list', 'agent memory']
if (names.some(wanted)) {
  const engineLog = '/var/log/catalyst-dockerd.log'
  const docker = await prepareDocker({ yes: true, ask: null, engineLog, say })
  const stack = await startStack({ args: docker.ready ? [] : ['--no-agent'] })
  try {
    const agent = await joinAsAgent(stack, 'bench')
    const [first] = await benchServers(stack, agent, 8)
    if (first === undefined) throw new Error('no server was made')
    if (wanted('power click')) figures.push(await powerClick(stack, agent, first))
    if (wanted('console line')) figures.push(await consoleLine(stack, agent, first))
    if (wanted('server list')) {
      await benchServers(stack, agent, 992)
      figures.push(await longList(stack))
    }
    if (docker.ready && wanted('agent memory')) figures.push(idleAgent(stack))
    agent.close()
  } finally {
    await stack.stop()
    removeStack(stack.dataDir)
  }
}
console.log(table(figures))
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
