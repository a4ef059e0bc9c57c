import { describe, expect, test } from 'vitest'
import type { MemoryProgram } from '../support/memory-engine.ts'
import { aDesired, aSpec, running } from '../support/server-fixtures.ts'
import {
  agentWorld,
  gameSpec,
  installedWorld,
  orderInput,
  orderInstall,
  resultOf,
} from './agent-world.ts'
import { kill, runningWorld, statesTold, stop, want } from './running-world.ts'

describe('starting', () => {
  test('[D1] [D3] a wanted server is started, and running when it says that it is ready', async () => {
    const { panel, server } = await runningWorld()

    expect(panel.observed(server.serverId)).toMatchObject({
      state: 'running',
      generation: 2,
      startNo: 1,
      ports: gameSpec.ports,
      problem: null,
    })
  })

  test('a server without a ready text runs as soon as its process does', async () => {
    const { panel, server } = await runningWorld(aSpec())

    expect(panel.observed(server.serverId)?.startNo).toBe(1)
  })

  test('a server whose new version waits for no text runs, though it never said the old one', async () => {
    const spec = aSpec({ ready: ['what it never says'] })
    const world = await installedWorld(spec)
    want(world, { generation: 2, power: running(1) })
    await world.panel.untilState(world.server.serverId, 'starting')

    want(world, { generation: 3, power: running(1), spec: { ...spec, ready: [] } })
    const observed = await world.panel.untilState(world.server.serverId, 'running')

    expect(observed).toMatchObject({ generation: 3, startNo: 1 })
  })

  test('a start that failed is still known after an installation, so that a click asks for another', async () => {
    const world = await installedWorld()
    const { panel, server, engine } = world
    engine.images.clear()
    want(world, { generation: 2, power: running(1) })
    await panel.until(() => panel.observed(server.serverId)?.problem)
    engine.images.add(gameSpec.image)

    await resultOf(world, orderInstall(panel, server.serverId, { seq: 2 }))

    expect(panel.observed(server.serverId)?.problem).toMatchObject({ startNo: 1 })
  })

  test('an image that is nowhere becomes a problem in the engine’s words, and is not tried again', async () => {
    const world = await installedWorld()
    world.engine.images.clear()
    want(world, { generation: 2, power: running(1) })
    const observed = await world.panel.until(() => {
      const newest = world.panel.observed(world.server.serverId)
      return newest?.problem ? newest : null
    })

    expect(observed).toMatchObject({
      state: 'stopped',
      startNo: 0,
      problem: {
        code: 'image_missing',
        startNo: 1,
        message: expect.stringMatching('pull access denied'),
      },
    })
    world.first.clock.advance(60_000)
    expect(world.engine.made).toEqual([])
  })

  test('a later start tries again what failed', async () => {
    const world = await installedWorld()
    world.engine.images.clear()
    want(world, { generation: 2, power: running(1) })
    await world.panel.until(() => world.panel.observed(world.server.serverId)?.problem)
    world.engine.registry.add(gameSpec.image)

    want(world, { generation: 3, power: running(2) })
    const observed = await world.panel.untilState(world.server.serverId, 'running')

    expect(observed).toMatchObject({ startNo: 2, problem: null })
  })

  test('[Q15] what the node’s policy forbids is not started', async () => {
    const world = await installedWorld()
    const ports = [{ ip: '0.0.0.0', hostPort: 22, containerPort: 22, protocol: 'tcp' }] as const

    want(world, { generation: 2, power: running(1), spec: { ...gameSpec, ports: [...ports] } })
    const problem = await world.panel.until(
      () => world.panel.observed(world.server.serverId)?.problem,
    )

    expect(problem).toMatchObject({ code: 'node_policy', startNo: 1 })
    expect(world.engine.made).toEqual([])
  })

  test('a server that is not installed is refused', async () => {
    const { panel, start } = await agentWorld()
    const server = aDesired({ power: running(1) })
    panel.want(server)

    await start()
    const problem = await panel.until(() => panel.observed(server.serverId)?.problem)

    expect(problem).toMatchObject({ code: 'not_installed' })
    expect(panel.observed(server.serverId)?.state).toBe('not_installed')
  })

  test('an engine that is away is a problem for a new start', async () => {
    const world = await installedWorld()
    world.engine.setUp(false)

    want(world, { generation: 2, power: running(1) })
    const problem = await world.panel.until(
      () => world.panel.observed(world.server.serverId)?.problem,
    )

    expect(problem).toMatchObject({ code: 'engine_down', startNo: 1 })
  })

  test('[D1] an older desired state is ignored', async () => {
    const world = await runningWorld()

    want(world, { generation: 1, power: stop })
    const line = orderInput(world.panel, world.server.serverId, 'hi')
    await resultOf(world, line)

    expect(world.panel.observed(world.server.serverId)).toMatchObject({ state: 'running' })
  })
})

describe('stopping', () => {
  test('[D4] by its line; the exit was asked for', async () => {
    const world = await runningWorld()

    want(world, { generation: 3, power: stop })
    const observed = await world.panel.untilState(world.server.serverId, 'stopped')

    expect(observed).toMatchObject({
      generation: 3,
      exit: { startNo: 1, code: 0, expected: true },
    })
    expect(statesTold(world).slice(-3)).toEqual(['running', 'stopping', 'stopped'])
  })

  test('by its signal when the line did not do it, and killed when its time is over', async () => {
    const stubborn: MemoryProgram = (process) => {
      process.print('starting game')
      process.onSignal((signal) => process.print(`ignored ${signal}`))
    }
    const world = await installedWorld()
    world.engine.program(gameSpec.image, stubborn)
    want(world, { generation: 2, power: running(1) })
    await world.panel.untilState(world.server.serverId, 'running')
    const said = () => world.engine.find(world.server.serverId).lines.map(({ text }) => text)

    want(world, { generation: 3, power: stop })
    await world.panel.untilState(world.server.serverId, 'stopping')
    await world.panel.until(() => said().length === 1)
    const line = orderInput(world.panel, world.server.serverId, 'please')
    await resultOf(world, line)
    world.first.clock.advance(5000)
    await world.panel.until(() => said().includes('ignored SIGTERM'))
    await resultOf(world, orderInput(world.panel, world.server.serverId, 'please', 3))
    world.first.clock.advance(5000)
    const observed = await world.panel.untilState(world.server.serverId, 'stopped')

    expect(observed.exit).toMatchObject({ code: 137, signal: 'SIGKILL', expected: true })
  })

  test('a kill ends it at once', async () => {
    const world = await runningWorld()

    want(world, { generation: 3, power: kill })
    const observed = await world.panel.untilState(world.server.serverId, 'stopped')

    expect(observed.exit).toMatchObject({ code: 137, expected: true })
  })

  test('a restart stops it, then starts it with the next number', async () => {
    const world = await runningWorld()

    want(world, { generation: 3, power: running(2) })
    const observed = await world.panel.until(() => {
      const newest = world.panel.observed(world.server.serverId)
      return newest?.state === 'running' && newest.startNo === 2 ? newest : null
    })

    expect(observed).toMatchObject({ generation: 3, exit: { startNo: 1, expected: true } })
    expect(world.engine.made).toEqual(['start 1', 'start 2'])
  })

  test('[D6] a suspended server is stopped, and starts no more', async () => {
    const world = await runningWorld()

    want(world, { generation: 3, power: running(1), suspended: true })
    await world.panel.untilState(world.server.serverId, 'stopped')
    want(world, { generation: 4, power: running(2), suspended: true })
    await world.panel.until(() => world.panel.observed(world.server.serverId)?.generation === 4)

    expect(world.engine.made).toEqual(['start 1'])
    const line = orderInput(world.panel, world.server.serverId, 'hi')
    expect(await resultOf(world, line)).toMatchObject({ code: 'suspended' })
  })
})

describe('ending by itself', () => {
  test('[D4] a crash is told once, with its signal', async () => {
    const world = await runningWorld()

    orderInput(world.panel, world.server.serverId, 'crash')
    const observed = await world.panel.untilState(world.server.serverId, 'crashed')

    expect(observed.exit).toMatchObject({ code: 139, signal: 'SIGSEGV', expected: false })
    expect(world.engine.made).toEqual(['start 1'])
  })

  test('[D4] after the stop command typed at the console it is no crash', async () => {
    const spec = { ...gameSpec, stop: { ...gameSpec.stop, line: 'crash' } }
    const world = await runningWorld(spec)

    orderInput(world.panel, world.server.serverId, ' crash')
    orderInput(world.panel, world.server.serverId, 'crash', 3)
    const observed = await world.panel.untilState(world.server.serverId, 'stopped')

    expect(observed.exit).toMatchObject({ code: 139, expected: true })
  })

  test('a container that was removed by hand is noticed, and its end is not made up', async () => {
    const world = await runningWorld()
    world.engine.containers.clear()

    world.first.clock.advance(60_000)
    const observed = await world.panel.untilState(world.server.serverId, 'crashed')

    expect(observed.exit).toMatchObject({ startNo: 1, code: -1, signal: null })
  })
})

describe('measuring', () => {
  test('watched servers are measured each 2 s, the others once a minute', async () => {
    const world = await runningWorld()
    const samples = () => world.panel.of('stats').flatMap((frame) => frame.samples).length
    world.first.clock.advance(60_000)
    await world.panel.until(() => samples() === 1)

    world.panel.send({ type: 'watch', serverIds: [world.server.serverId] })
    await resultOf(world, orderInput(world.panel, world.server.serverId, 'hi'))
    for (let count = 2; count <= 5; count += 1) {
      world.first.clock.advance(2000)
      await world.panel.until(() => samples() === count)
    }

    expect(world.panel.of('stats').at(-1)?.samples[0]).toMatchObject({ cpuPercent: 12 })
  })
})
