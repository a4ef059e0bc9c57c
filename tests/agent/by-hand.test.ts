import { expect, test } from 'vitest'
import { runningWorld, statesTold, stop, want } from './running-world.ts'

test('[D4] a container that somebody starts again by hand is taken in, and its next exit counted once', async () => {
  const world = await runningWorld()
  const { panel, engine, server, first } = world
  const { id } = engine.find(server.serverId).view
  engine.end(id, 139)
  await panel.untilState(server.serverId, 'crashed')

  engine.start(id)
  first.clock.advance(60_000)
  await panel.untilState(server.serverId, 'running')
  want(world, { generation: 3, power: stop })
  const observed = await panel.untilState(server.serverId, 'stopped')
  first.clock.advance(60_000)
  await panel.until(() => panel.observed(server.serverId)?.generation === 3)

  expect(observed.exit).toMatchObject({ startNo: 1, code: 0, expected: true })
  expect(statesTold(world).slice(-4)).toEqual(['crashed', 'running', 'stopping', 'stopped'])
})
