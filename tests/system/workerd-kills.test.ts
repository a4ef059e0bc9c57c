import { expect, test } from 'vitest'
import { killWorkerdUnderLoad } from '../faults/workerd-kills.ts'

test('[Q1, Q2, Q3] killed outright ten times under load, workerd loses no command and sends none as two', async () => {
  const figures = await killWorkerdUnderLoad(10)
  console.log(`workerd kills: ${JSON.stringify(figures)}`)

  expect(figures).toMatchObject({ kills: 10, lost: [], twice: [], wrong: [] })
  expect(figures.acknowledged).toBeGreaterThan(50)
  expect(figures.carriedOut).toBeGreaterThanOrEqual(figures.acknowledged)
}, 300_000)
