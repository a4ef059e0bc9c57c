import { expect, test } from 'vitest'
import { faultRun } from '../faults/fault-run.ts'
import { mergedFigures } from '../faults/figures.ts'
import { shortSizes } from '../faults/sizes.ts'

/** One story of each test run; `npm run soak` tells others. */
const seed = 20_261_125

test('[I1 to I12] what is asked happens once and in order, whatever dies and whatever is cut', async () => {
  const run = await faultRun({
    seed,
    sizes: shortSizes,
    linkTimerDivisor: 10,
    recoverWithinMs: 40_000,
    say: () => undefined,
  })
  const figures = mergedFigures([run])
  console.log(`faults: ${JSON.stringify(figures)}`)

  expect(run.violations).toEqual([])
  expect(figures.faults).toBe(34)
  expect(figures.commands).toBeGreaterThanOrEqual(shortSizes.commands)
  expect(figures.recovery.p99).toBeLessThan(15_000)
}, 400_000)
