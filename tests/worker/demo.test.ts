import { expect, test } from 'vitest'
import { panel } from '../../contract/api/panel.ts'
import { createWorld } from '../support/world.ts'

test('the demo goes from the launcher’s offer to a template, as somebody wants it', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  expect(await admin.call(panel.demo, {})).toEqual({ state: 'unavailable', message: null })
  expect((await admin.fails(panel.wantDemo, {})).code).toBe('demo_unavailable')

  await w.operator.call(panel.reportDemo, { state: 'offered', message: null })
  const wanted = await admin.call(panel.wantDemo, {})
  const twice = await admin.call(panel.wantDemo, {})
  await w.operator.call(panel.reportDemo, { state: 'failed', message: 'no apt here' })
  const failed = await admin.call(panel.demo, {})
  const again = await admin.call(panel.wantDemo, {})

  expect([wanted, twice, again].map(({ state }) => state)).toEqual(['wanted', 'wanted', 'wanted'])
  expect(failed).toEqual({ state: 'failed', message: 'no apt here' })
})
