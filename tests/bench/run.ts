import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildAll } from '../../local/build/build-all.ts'
import { clickTrips } from './click-trips.ts'
import { commandRates } from './commands.ts'
import { type Figure, table } from './figures.ts'
import { fleet } from './fleet.ts'
import { idleNode } from './idle-node.ts'
import { panelFigures } from './panel-figures.ts'
import { reconnect } from './reconnect.ts'
import { signInTiming } from './sign-in.ts'
import { sizes } from './sizes.ts'
import { onStack } from './stacks.ts'

/** Measures what is claimed, each figure beside its reference in the same run. Never fails for being slow. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    minutes: { type: 'string', default: '1' },
  },
})
const wanted = (name: string) => values.only === undefined || name.includes(values.only)
const say = (line: string) => console.log(line)
const minutes = Number(values.minutes)

/** What is measured together, by the names of its figures; each group begins with a panel of its own. */
const groups: readonly {
  readonly names: readonly string[]
  readonly measure: () => Promise<readonly Figure[]>
}[] = [
  { names: ['first load', 'worker size'], measure: async () => sizes() },
  {
    names: ['power click', 'console line', 'server list', 'agent memory'],
    measure: () => panelFigures(wanted, say),
  },
  { names: ['sign-in refused', 'sign-in difference'], measure: () => onStack(signInTiming) },
  { names: ['click trips'], measure: async () => [await clickTrips()] },
  { names: ['commands taken', 'commands settled'], measure: () => onStack(commandRates) },
  { names: ['reconnect'], measure: () => onStack(async (stack) => [await reconnect(stack)]) },
  {
    names: [
      'fleet list',
      'fleet lists refused',
      'fleet rows',
      'fleet lateness',
      'fleet events lost',
    ],
    measure: () => onStack((stack) => fleet(stack, minutes)),
  },
  {
    names: ['idle node', 'idle node in a fleet', 'idle node cost', 'idle fleet cost'],
    measure: idleNode,
  },
]

await buildAll({ log: say, force: false })
const figures: Figure[] = []
for (const { names, measure } of groups) {
  if (!names.some(wanted)) continue
  const measured = (await measure()).filter(({ name }) => wanted(name))
  // Told at once too: the whole takes minutes, and what comes later may break off.
  say(table(measured))
  figures.push(...measured)
}
say(`\n${table(figures)}`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
