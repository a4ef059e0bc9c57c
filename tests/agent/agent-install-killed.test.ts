import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newOperationId } from '../support/server-fixtures.ts'
import { until } from '../support/until.ts'
import { orderInstall, resultOf } from './agent-world.ts'
import { scriptWorld } from './install-world.ts'

describe('an agent that is killed during an installation', () => {
  test('[Q6] goes on with a script that still runs, and runs it once', async () => {
    const world = await scriptWorld()
    const first = await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    first.kill()

    await world.start()
    orderInstall(world.panel, world.server.serverId, { id })
    await world.panel.until(() => world.panel.of('accepted').length === 2)
    world.endScript(0)

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
    expect(world.runs()).toBe(1)
    expect(world.panel.observed(world.server.serverId)?.state).toBe('stopped')
  })

  test.each([
    [0, 'succeeded', 'stopped'],
    [3, 'failed', 'install_failed'],
  ])('[Q6] finds that the script ended meanwhile with code %i', async (code, outcome, state) => {
    const world = await scriptWorld()
    const first = await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    first.kill()
    world.endScript(code)

    await world.start()
    orderInstall(world.panel, world.server.serverId, { id })

    expect(await resultOf(world, id)).toMatchObject({ outcome })
    expect(world.runs()).toBe(1)
    expect(world.panel.observed(world.server.serverId)?.state).toBe(state)
  })

  test('[Q6] runs a script again of which nothing is left', async () => {
    const world = await scriptWorld()
    const first = await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    first.kill()
    world.engine.containers.clear()

    await world.start()
    await world.untilScriptRuns(2)
    world.endScript(0)

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
  })

  test('[Q6] waits for an engine that is away before it says what happened', async () => {
    const world = await scriptWorld()
    const first = await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    first.kill()
    world.engine.setUp(false)
    const second = await world.start()
    second.clock.advance(10_000)

    world.engine.setUp(true)
    world.endScript(0)
    await until(() => {
      second.clock.advance(500)
      return world.panel.of('done').length > 0
    })

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
    expect(world.runs()).toBe(1)
  })

  test('[Q4] answers again what it had settled, and does not install again', async () => {
    const world = await scriptWorld()
    const first = await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    world.endScript(0)
    await resultOf(world, id)
    first.kill()

    await world.start()
    orderInstall(world.panel, world.server.serverId, { id })

    expect(await resultOf(world, id, 2)).toMatchObject({ outcome: 'succeeded' })
    expect(world.runs()).toBe(1)
  })

  test('and also loses its database finds its own script again', async () => {
    const world = await scriptWorld()
    const first = await world.start()
    const id = newOperationId()
    orderInstall(world.panel, world.server.serverId, { id })
    await world.untilScriptRuns()
    await first.close()
    writeFileSync(join(world.dataDir, 'agent.sqlite'), 'damaged beyond repair'.repeat(100))

    await world.start()
    orderInstall(world.panel, world.server.serverId, { id })
    await until(() => world.panel.of('accepted').length === 2)
    world.endScript(0)

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
    expect(world.runs()).toBe(1)
  })
})
