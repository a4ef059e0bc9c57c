import { parseArgs } from 'node:util'
import { count, type Figures, noFigures, replayOf, summary } from './figures.ts'
import { killMutants, tableOf } from './kill-mutants.ts'
import { minimise } from './minimise.ts'
import { simulateSeeds } from './threads.ts'

/**
 * The simulator by hand:
 *   npm run sim -- --seeds 20000            so many seeds, then every mutant; prints one line of JSON
 *   npm run sim -- --seeds 1000 --seed 5    the same, from seed 5 on
 *   npm run sim -- --seeds 500 --no-mutants only the seeds
 *   npm run sim -- --seed 5                 tells the whole story of one seed
 * Ends with 1 when an invariant is broken or a mutant survives.
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    mutants: { type: 'boolean', default: true },
  },
})

const mutantSeeds = 3_000
const failuresShown = 10

process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const { seeds, seed, mutants } = values
  if (seed !== undefined && seeds === undefined) return tellStory(wholeNumber(seed))
  const figures = await simulate(wholeNumber(seed ?? '1'), wholeNumber(seeds ?? '1000'))
  const fates = mutants ? await killMutants(mutantSeeds) : []
  if (fates.length > 0) console.error(tableOf(fates))
  const survived = fates.filter(({ killedBy }) => killedBy === null).length
  const killed = fates.length - survived
  console.log(JSON.stringify({ ...figures.summary, mutants: { killed, survived } }))
  return figures.failed.length === 0 && survived === 0
}

async function simulate(first: number, seeds: number) {
  const figures: Figures = noFigures()
  const began = performance.now()
  await simulateSeeds(first, seeds, (result) => count(figures, result))
  const { failed } = figures
  for (const failure of failed.slice(0, failuresShown)) console.error(replayOf(failure))
  if (failed.length > failuresShown) console.error(`and ${failed.length - failuresShown} more`)
  return { failed, summary: summary(figures, (performance.now() - began) / 1000) }
}

/** One seed, with as few kinds of fault as still break it. */
async function tellStory(seed: number): Promise<boolean> {
  const { without, result } = await minimise(seed)
  const { story, kinds, broken, recoveredIn } = result
  console.log(story.join('\n'))
  console.log(`faults: ${kinds.join(', ') || 'none'}`)
  if (without.length > 0) console.log(`left out, for it breaks without them: ${without.join(', ')}`)
  for (const { rule, what } of broken) console.log(`broken: ${rule}: ${what}`)
  if (recoveredIn !== null) console.log(`at rest ${recoveredIn / 1000} s after the last fault`)
  return broken.length === 0
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`${text} is no whole number above 0`)
}
