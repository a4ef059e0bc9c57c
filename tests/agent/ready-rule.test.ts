import { expect, test } from 'vitest'
import { readyRule } from '../../agent/servers/ready-rule.ts'
import { aSpec, running } from '../support/server-fixtures.ts'
import { gameSpec, installedWorld } from './agent-world.ts'
import { runningWorld, want } from './running-world.ts'

test.each([
  [['Done'], '[12:00:00] Done (3.2s)! For help, type "help"', true],
  [['Done'], 'done', false],
  [['listening', 'Done'], 'Server listening on 0.0.0.0', true],
  [['Done.'], 'Done!', false],
  [['regex:Done \\(\\d+\\.\\d+s\\)!$'], 'Done (3.2s)!', true],
  [['regex:Done \\(\\d+\\.\\d+s\\)!$'], 'Done (soon)!', false],
  [['regex:^ready$', 'Open'], 'already Open', true],
  [['regex:(?i)READY'], 'now ready', true],
])('%j is said by %j: %j', (ready, line, isSaid) => {
  expect(readyRule(ready).isSaidBy(line)).toBe(isSaid)
})

test('colours may stand anywhere in what is looked for', () => {
  const line = '\u001b[32mDo\u001b[1;0mne (\u001b[38:2::1:2:3m4s)'

  expect(readyRule(['Done (4s)']).isSaidBy(line)).toBe(true)
  expect(readyRule(['regex:^Done \\(\\d+s\\)$']).isSaidBy(line)).toBe(true)
})

test('a pattern that makes others take for ever takes no time', () => {
  const rule = readyRule(['regex:^(a+)+$', 'regex:(a|a)*(a|a)*(a|a)*b'])
  const began = performance.now()

  expect(rule.isSaidBy(`${'a'.repeat(8_000)}!`)).toBe(false)
  expect(performance.now() - began).toBeLessThan(1_000)
})

test.each([
  ['regex:(', /missing closing \)/],
  ['regex:(a)\\1', /invalid escape sequence/],
  ['regex:(?=x)', /invalid/],
  ['regex:(?:(?:[a-z]?){30}){30}', /it repeats too much/],
  [`regex:${'x'.repeat(600)}`, /longer than 512 characters/],
])('%s cannot be used, and that is said', (entry, reason) => {
  const rule = readyRule([entry])

  expect(rule.unusable).toHaveLength(1)
  expect(rule.unusable[0]).toMatch(reason)
  expect(rule.atOnce).toBe(true)
})

test('a pattern that cannot be used leaves the others to wait for', () => {
  const rule = readyRule(['regex:(', 'Done'])

  expect(rule).toMatchObject({ atOnce: false, unusable: [expect.any(String)] })
  expect(rule.isSaidBy('Done')).toBe(true)
})

test('a server is running when its console says what a pattern looks for', async () => {
  const world = await runningWorld(aSpec({ ready: ['regex:Map generated, \\w+ game$'] }))

  expect(world.panel.observed(world.server.serverId)).toMatchObject({ state: 'running' })
})

test('a server whose only pattern cannot be used is not kept waiting for it', async () => {
  const world = await installedWorld({ ...gameSpec, ready: ['regex:['] })
  world.panel.send({ type: 'console_from', after: {} })

  want(world, { generation: 2, power: running(1) })
  await world.panel.untilState(world.server.serverId, 'running')

  await world.panel.until(() =>
    world.panel
      .of('console')
      .some(({ lines }) => lines.some(({ text }) => text.startsWith('The ready pattern "["'))),
  )
})
