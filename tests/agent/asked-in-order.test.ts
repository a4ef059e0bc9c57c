import { expect, test } from 'vitest'
import { CloseCode } from '../../contract/protocol/frames.ts'
import { newOperationId, running } from '../support/server-fixtures.ts'
import { type InstalledWorld, installedWorld } from './agent-world.ts'
import { kill, runningWorld, want } from './running-world.ts'

/** An installation and then a start were asked for while the agent was away. */
async function back({ endsWelcomes }: { endsWelcomes: boolean }): Promise<InstalledWorld> {
  const world = await installedWorld()
  await world.first.close()
  const { panel, server } = world
  panel.endsWelcomes = endsWelcomes
  panel.want({ ...server, generation: 3, power: running(1) })
  panel.waiting.push({
    type: 'command',
    id: newOperationId(),
    seq: 2,
    command: { type: 'server.install', serverId: server.serverId, wipe: false },
    deadlineInMs: null,
    low: 1,
  })
  world.engine.made.length = 0
  await world.start()
  return world
}

test('[D1] what was asked before a start is done before it, also when both waited for the node', async () => {
  const { panel, server, engine } = await back({ endsWelcomes: true })

  await panel.untilState(server.serverId, 'running')

  const done = panel.of('done').filter(({ seq }) => seq === 2)
  expect(done).toMatchObject([{ result: { outcome: 'succeeded' } }])
  expect(engine.made).toEqual(['start 1'])
})

test('[N8] a panel that does not say when its welcome ends has its wishes met all the same', async () => {
  const { panel, server, clock } = await back({ endsWelcomes: false })
  clock().advance(5000)

  await panel.untilState(server.serverId, 'running')
})

test('[D1] a kill waits for nothing', async () => {
  const world = await runningWorld()
  world.panel.endsWelcomes = false
  world.panel.close(CloseCode.again)
  const greeted = world.panel.hellos.length
  await world.panel.until(() => world.panel.hellos.length > greeted)
  const welcomedAt = world.clock().now()

  want(world, { generation: 10, power: kill })
  const observed = await world.panel.untilState(world.server.serverId, 'stopped')

  expect(observed.exit).toMatchObject({ code: 137 })
  expect(world.clock().now() - welcomedAt).toBeLessThan(5000)
})
