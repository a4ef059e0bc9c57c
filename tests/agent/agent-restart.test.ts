import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MemoryProgram } from '../support/memory-engine.ts'
import { running } from '../support/server-fixtures.ts'
import { gameSpec, installedWorld, orderInput, resultOf } from './agent-world.ts'
import { runningWorld, stop, want } from './running-world.ts'

describe('an agent that ends and starts again', () => {
  test('[D2] [D7] leaves its servers running and finds them', async () => {
    const world = await runningWorld()
    await world.first.close()
    const container = world.engine.find(world.server.serverId)

    await world.start()
    const line = orderInput(world.panel, world.server.serverId, 'still there?')

    expect(await resultOf(world, line)).toMatchObject({ outcome: 'succeeded' })
    expect(world.engine.find(world.server.serverId)).toBe(container)
    expect(world.panel.observed(world.server.serverId)).toMatchObject({ state: 'running' })
  })

  test.each([
    [0, 'stopped'],
    [139, 'crashed'],
  ])('[D2] tells an exit with code %i that happened meanwhile', async (code, state) => {
    const world = await runningWorld()
    world.first.kill()
    world.engine.end(world.engine.find(world.server.serverId).view.id, code)

    await world.start()
    const observed = await world.panel.until(() => {
      const newest = world.panel.observed(world.server.serverId)
      return newest?.state === state ? newest : null
    })

    expect(observed.exit).toMatchObject({ startNo: 1, code, expected: false })
    expect(world.engine.made).toEqual(['start 1'])
  })

  test('[D2] goes on stopping what it was stopping', async () => {
    const deaf: MemoryProgram = (process) => {
      process.print('starting game')
      process.onSignal(() => {})
    }
    const world = await installedWorld()
    world.engine.program(gameSpec.image, deaf)
    want(world, { generation: 2, power: running(1) })
    await world.panel.untilState(world.server.serverId, 'running')
    want(world, { generation: 3, power: stop })
    await world.panel.untilState(world.server.serverId, 'stopping')
    world.first.kill()

    const second = await world.start()
    second.clock.advance(5000)
    const line = orderInput(world.panel, world.server.serverId, 'x')
    await resultOf(world, line)
    second.clock.advance(5000)
    const observed = await world.panel.untilState(world.server.serverId, 'stopped')

    expect(observed.exit).toMatchObject({ code: 137, expected: true })
  })

  test('[D2] after a reboot of the host starts again what ran, once', async () => {
    const world = await runningWorld()
    world.first.kill()
    world.engine.hostGoesDown()

    const second = await world.start({ bootId: 'boot-2' })
    await world.panel.until(() => world.engine.made.length === 2)
    await world.panel.untilState(world.server.serverId, 'running')
    second.kill()
    world.engine.end(world.engine.find(world.server.serverId).view.id, 1)
    await world.start({ bootId: 'boot-2' })
    await world.panel.untilState(world.server.serverId, 'crashed')

    expect(world.engine.made).toEqual(['start 1', 'start 1'])
  })

  test('[D2] keeps its servers without a panel, too', async () => {
    const world = await runningWorld()
    world.panel.cut()

    world.engine.end(world.engine.find(world.server.serverId).view.id, 1)
    await world.panel.until(() => world.first.log.some((line) => line.includes('not connected')))
    world.first.clock.advance(5000)
    const observed = await world.panel.untilState(world.server.serverId, 'crashed')

    expect(observed.exit).toMatchObject({ code: 1 })
  })

  test('[D7] that lost its database takes running servers in as they are', async () => {
    const world = await runningWorld()
    await world.first.close()
    const database = join(world.dataDir, 'agent.sqlite')
    writeFileSync(database, 'not a database at all, but long enough to be read as one'.repeat(50))

    const second = await world.start()
    const observed = await world.panel.untilState(world.server.serverId, 'running')

    expect(observed).toMatchObject({ generation: 2, startNo: 1 })
    expect(world.engine.made).toEqual(['start 1'])
    expect(second.log.join('')).toContain('damaged')
    expect(readdirSync(world.dataDir).some((name) => name.includes('damaged'))).toBe(true)
  })
})

describe('removing', () => {
  test('stops it and deletes container, network and files', async () => {
    const world = await runningWorld()
    const folder = join(world.dataDir, 'servers', world.server.serverId)
    writeFileSync(join(folder, 'files', 'save.dat'), 'a world')

    want(world, { generation: 3, removed: true, power: stop })
    const observed = await world.panel.untilState(world.server.serverId, 'removed')

    expect(observed.generation).toBe(3)
    expect(world.engine.containers.size).toBe(0)
    expect(world.engine.forgotten).toEqual([world.server.serverId])
    expect(existsSync(folder)).toBe(false)
  })

  test('[D1] is forgotten when the panel’s whole list names it no more', async () => {
    const world = await installedWorld()
    want(world, { generation: 3, removed: true, power: stop })
    await world.panel.untilState(world.server.serverId, 'removed')
    world.panel.desired.clear()
    await world.first.close()

    const second = await world.start()
    await world.panel.until(() => world.panel.hellos.length === 2)
    await second.close()
    await world.start()

    expect(world.panel.hellos.at(-1)?.desiredDigest).toMatch(/^0-/)
  })
})
