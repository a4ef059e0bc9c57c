import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type InstalledWorld, orderInput, resultOf } from './agent-world.ts'
import { runningWorld, stop, want } from './running-world.ts'

/** The agent ends, its database is deleted, and another one takes in what is there and what is wanted. */
async function loseMemory(world: InstalledWorld, generation: number) {
  await world.first.close()
  for (const end of ['', '-wal', '-shm'])
    rmSync(join(world.dataDir, `agent.sqlite${end}`), { force: true })
  const told = world.panel.of('observed').length
  await world.start()
  return world.panel.until(() => {
    const news = world.panel.of('observed').slice(told)
    return news.findLast(({ observed }) => observed.generation === generation)?.observed
  })
}

test('[D4] a server that was stopped is not taken for crashed by an agent that lost its memory', async () => {
  const world = await runningWorld()
  const { panel, engine, server } = world
  engine.find(server.serverId).handler = () => engine.end(engine.find(server.serverId).view.id, 143)
  want(world, { generation: 3, power: { ...stop, how: 'kill' } })
  await panel.untilState(server.serverId, 'stopped')

  const observed = await loseMemory(world, 3)

  expect(observed).toMatchObject({ state: 'stopped', startNo: 1, exit: { expected: true } })
})

test('[D1] a start that ended in a crash is not tried again by an agent that lost its memory', async () => {
  const world = await runningWorld()
  const { panel, engine, server } = world
  await resultOf(world, orderInput(panel, server.serverId, 'crash'))
  await panel.untilState(server.serverId, 'crashed')
  const made = engine.made.length

  const observed = await loseMemory(world, 2)

  expect(observed).toMatchObject({ state: 'crashed', startNo: 1 })
  expect(engine.made).toHaveLength(made)
})
