import { expect, test } from 'vitest'
import { running } from '../support/server-fixtures.ts'
import { until } from '../support/until.ts'
import { gameSpec } from './agent-world.ts'
import { runningWorld, want } from './running-world.ts'

const larger = { ...gameSpec.limits, memoryMb: 512, cpuCores: 2 }

type World = Awaited<ReturnType<typeof runningWorld>>

function wantLimits(world: World, limits: typeof larger, generation = 3): void {
  want(world, { generation, power: running(1), spec: { ...gameSpec, limits } })
}

function untilSaid({ panel }: World, text: string) {
  panel.send({ type: 'console_from', after: {} })
  return panel.until(() =>
    panel.of('console').some(({ lines }) => lines.some((line) => line.text === text)),
  )
}

test('a running server is held to new limits at once, and that once', async () => {
  const world = await runningWorld()

  wantLimits(world, larger)
  await untilSaid(world, 'The new limits hold.')
  want(world, { generation: 4, power: running(1), spec: { ...gameSpec, limits: larger } })
  await world.panel.until(() => world.panel.observed(world.server.serverId)?.generation === 4)

  expect(world.engine.resized).toEqual([larger])
  expect(world.panel.observed(world.server.serverId)).toMatchObject({ state: 'running' })
})

test('limits that the engine does not take hold from the next start on, and are not tried again', async () => {
  const world = await runningWorld()
  world.engine.refusesLimits = 'It uses more memory now than the new limit allows.'

  wantLimits(world, larger)
  await untilSaid(
    world,
    'The new limits hold from the next start on: It uses more memory now than the new limit allows.',
  )
  world.engine.refusesLimits = null
  want(world, { generation: 4, power: running(2), spec: { ...gameSpec, limits: larger } })
  await world.panel.until(() => world.panel.observed(world.server.serverId)?.startNo === 2)

  expect(world.engine.resized).toEqual([])
  expect(world.engine.find(world.server.serverId).order.spec.limits).toEqual(larger)
})

test('another limit of the disk is none of the container', async () => {
  const world = await runningWorld()

  wantLimits(world, { ...gameSpec.limits, diskMb: 9_000 })
  await world.panel.until(() => world.panel.observed(world.server.serverId)?.generation === 3)

  expect(world.engine.resized).toEqual([])
})

test('an agent that was away when limits changed applies them when it is back', async () => {
  const world = await runningWorld()
  await world.first.close()

  wantLimits(world, larger)
  await world.start()

  await until(() => world.engine.resized.length > 0)
  expect(world.engine.resized).toEqual([larger])
})
