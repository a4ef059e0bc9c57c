import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterMeasurement, diskAtRest, diskRefusal } from '../../agent/servers/disk-policy.ts'

const mebibyte = 1024 * 1024
const limitMb = 1000
const minute = 60_000

interface Step {
  readonly mb: number
  readonly at?: number
  readonly whole?: boolean
}

/** What is said at each measurement, and whether the server has to be stopped in the end. */
function told(...steps: Step[]) {
  let state = diskAtRest
  const said = steps.map(({ mb, at = 0, whole = true }) => {
    const verdict = afterMeasurement(state, { bytes: mb * mebibyte, whole }, limitMb, at)
    state = verdict.state
    return verdict.say
  })
  return { said, mustStop: state.mustStop }
}

const over = 'Its files take 1100 MiB of the 1000 MiB that they may.'

describe('[D9] a running server', () => {
  test('hears nothing while there is room', () => {
    expect(told({ mb: 10 }, { mb: 899 })).toEqual({ said: [null, null], mustStop: false })
  })

  test('hears once that not much is left, and anew only after there was room', () => {
    expect(told({ mb: 900 }, { mb: 880 }, { mb: 900 }, { mb: 800 }, { mb: 900 }).said).toEqual([
      'Its files take 900 MiB of the 1000 MiB that they may.',
      null,
      null,
      null,
      'Its files take 900 MiB of the 1000 MiB that they may.',
    ])
  })

  test('is warned when it is over, and stopped five minutes later', () => {
    const steps = [{ mb: 1100 }, { mb: 1100, at: 4 * minute }, { mb: 1100, at: 5 * minute }]

    expect(told(...steps)).toEqual({
      said: [
        `${over} Delete something, or it is stopped in 5 minutes.`,
        null,
        `${over} The server is stopped.`,
      ],
      mustStop: true,
    })
  })

  test('is not stopped when something was deleted in time, and has five minutes anew', () => {
    const steps = [
      { mb: 1100 },
      { mb: 500, at: 4 * minute },
      { mb: 1100, at: 6 * minute },
      { mb: 1100, at: 10 * minute },
    ]

    expect(told(...steps)).toMatchObject({
      said: [
        expect.stringContaining('Delete something'),
        'Its files take 500 MiB of the 1000 MiB that they may. It is not stopped.',
        expect.stringContaining('Delete something'),
        null,
      ],
      mustStop: false,
    })
  })

  test('is stopped at once when it is far over', () => {
    expect(told({ mb: 1501 })).toEqual({
      said: ['Its files take 1501 MiB of the 1000 MiB that they may. The server is stopped.'],
      mustStop: true,
    })
  })

  test('is over by what was counted, though not all was; but never below again by it', () => {
    const steps = [
      { mb: 1100, whole: false },
      { mb: 10, at: 3 * minute, whole: false },
      { mb: 1100, at: 5 * minute, whole: false },
    ]

    expect(told(...steps).mustStop).toBe(true)
  })

  test('is never stopped without having been over, and never without a word', () => {
    const step = fc.record({
      mb: fc.integer({ min: 0, max: 2000 }),
      at: fc.integer({ min: 0, max: 20 * minute }),
      whole: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const inOrder = steps.toSorted((one, other) => one.at - other.at)
        const { said, mustStop } = told(...inOrder)
        const stops = said.filter((text) => text?.endsWith('The server is stopped.'))
        expect(stops).toHaveLength(mustStop ? 1 : 0)
        if (mustStop) expect(inOrder.some(({ mb }) => mb > limitMb)).toBe(true)
      }),
    )
  })
})

test('[D9] a server whose files take more than they may is not started; one of unknown size is', () => {
  const usage = { bytes: 1100 * mebibyte, whole: false }

  expect(diskRefusal(usage, limitMb)).toBe(
    `${over} Delete something or raise the limit, then start again.`,
  )
  expect(diskRefusal({ ...usage, bytes: 1000 * mebibyte }, limitMb)).toBeNull()
  expect(diskRefusal(null, limitMb)).toBeNull()
})
