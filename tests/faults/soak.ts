import { parseArgs } from 'node:util'
import { prepareMachine } from '../support/prepare-machine.ts'
import { faultRun } from './fault-run.ts'
import { brokenOff, mergedFigures, type RunFigures } from './figures.ts'
import { fullSizes, realTimerSizes, roundSizes } from './sizes.ts'

/**
 * Rounds of faults, each on a panel of its own, until the minutes are over; or once with the sizes that
 * are promised (`--full`), or with the link's real timers (`--real-timers`). What goes on is told on
 * standard error; the figures are one line of JSON. It exits with 1 on a violation, whose seed plays the
 * same round again.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    full: { type: 'boolean', default: false },
    'real-timers': { type: 'boolean', default: false },
  },
})
const once = values.full || values['real-timers']
const sizes = values['real-timers'] ? realTimerSizes : values.full ? fullSizes : roundSizes
const recoverWithinMs = values['real-timers'] ? 80_000 : 40_000
const recoverP99Ms = values['real-timers'] ? 80_000 : 15_000
const until = performance.now() + Number(values.minutes) * 60_000
let seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const say = (line: string) => console.error(line)

await prepareMachine()
const rounds: RunFigures[] = []
do {
  say(`seed ${seed}`)
  const linkTimerDivisor = values['real-timers'] ? 1 : 10
  const run = { seed, sizes, linkTimerDivisor, recoverWithinMs, say }
  const round = await faultRun(run).catch((error: unknown) => brokenOff(seed, error))
  for (const violation of round.violations) say(`seed ${seed}: ${violation}`)
  rounds.push(round)
  seed += 1
} while (!once && performance.now() < until)

const figures = mergedFigures(rounds)
console.log(JSON.stringify(figures))
const isSlow = figures.recovery.p99 > recoverP99Ms
if (isSlow) say(`p99 of recovery is ${figures.recovery.p99} ms, over ${recoverP99Ms} ms`)
process.exit(figures.violations === 0 && !isSlow ? 0 : 1)
