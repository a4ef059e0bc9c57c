import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aDesired, aSpec, running } from '../support/server-fixtures.ts'
import {
  type AgentWorld,
  agentWorld,
  game,
  gameSpec,
  installedWorld,
  orderInput,
  orderInstall,
  resultOf,
} from './agent-world.ts'
import { script, scripted, scriptWorld } from './install-world.ts'

function logOf({ panel }: AgentWorld): string[] {
  return panel.of('progress').flatMap(({ log }) => log)
}

describe('an installation', () => {
  test('without a script fetches the image', async () => {
    const world = await agentWorld()
    const server = aDesired({ spec: gameSpec })
    world.engine.remote(gameSpec.image, game)
    world.panel.want(server)
    await world.start()

    const id = orderInstall(world.panel, server.serverId)

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
    expect(world.engine.images.has(gameSpec.image)).toBe(true)
    expect(world.panel.observed(server.serverId)).toMatchObject({ state: 'stopped' })
  })

  test('runs the script, keeps what it says in its log, and leaves no container', async () => {
    const world = await scriptWorld()
    await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    await world.panel.untilState(world.server.serverId, 'installing')

    world.endScript(0)

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
    expect(logOf(world)).toEqual(['unpacking', 'Installed.'])
    expect(world.engine.containers.size).toBe(0)
    expect(world.panel.observed(world.server.serverId)?.state).toBe('stopped')
  })

  test('whose script fails says with which code, and keeps its log', async () => {
    const world = await scriptWorld()
    await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()

    world.endScript(7)

    expect(await resultOf(world, id)).toEqual({
      outcome: 'failed',
      code: 'script_failed',
      message: 'The installation script ended with code 7.',
    })
    expect(logOf(world)).toContain('unpacking')
    expect(world.panel.observed(world.server.serverId)?.state).toBe('install_failed')
  })

  test('of an image that is nowhere fails in the engine’s words, and can be repeated', async () => {
    const world = await agentWorld()
    const server = aDesired({ spec: gameSpec })
    world.panel.want(server)
    await world.start()

    const failed = await resultOf(world, orderInstall(world.panel, server.serverId))
    const state = world.panel.observed(server.serverId)?.state
    world.engine.remote(gameSpec.image, game)
    const repeated = await resultOf(world, orderInstall(world.panel, server.serverId, { seq: 2 }))

    expect(failed).toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('pull access denied'),
    })
    expect(state).toBe('install_failed')
    expect(repeated).toMatchObject({ outcome: 'succeeded' })
  })

  test.each([true, false])('deletes the files first only when asked (%s)', async (wipe) => {
    const world = await installedWorld()
    const { panel, server, dataDir } = world
    const files = join(dataDir, 'servers', server.serverId, 'files')
    writeFileSync(join(files, 'save.dat'), 'a world')

    await resultOf(world, orderInstall(panel, server.serverId, { seq: 2, wipe }))

    expect(existsSync(join(files, 'save.dat'))).toBe(!wipe)
    expect(readdirSync(dataDir)).toContain('servers')
  })

  test('of a running server is refused', async () => {
    const world = await installedWorld()
    const { panel, server } = world
    panel.want({ ...server, generation: 2, power: running(1) })
    await panel.untilState(server.serverId, 'running')

    const result = await resultOf(world, orderInstall(panel, server.serverId, { seq: 2 }))

    expect(result).toMatchObject({ outcome: 'failed', code: 'wrong_state' })
    expect(panel.observed(server.serverId)?.state).toBe('running')
  })

  test('[Q15] of an image outside the node’s policy is refused', async () => {
    const spec = aSpec({ install: script, limits: { ...scripted.limits, diskMb: 1024 } })
    const world = await scriptWorld({
      ...spec,
      ports: [{ ip: '0.0.0.0', hostPort: 80, containerPort: 80, protocol: 'tcp' }],
    })
    await world.start()

    const result = await resultOf(world, orderInstall(world.panel, world.server.serverId))

    expect(result).toMatchObject({ outcome: 'failed', code: 'node_policy' })
    expect(world.runs()).toBe(0)
  })

  test('of a server that the node does not have is refused', async () => {
    const world = await agentWorld()
    await world.start()

    const result = await resultOf(world, orderInstall(world.panel, aDesired().serverId))

    expect(result).toMatchObject({ outcome: 'failed', code: 'wrong_state' })
  })

  test('[Q8] that is cancelled ends the script before it says so', async () => {
    const world = await scriptWorld()
    await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()

    world.panel.send({ type: 'cancel', id })

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'cancelled' })
    expect(world.engine.containers.size).toBe(0)
    expect(world.panel.observed(world.server.serverId)?.state).toBe('install_failed')
  })

  test('[Q8] that was done when it was to be cancelled says so', async () => {
    const world = await scriptWorld()
    await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    world.engine.find(world.server.serverId, 'install').unnoticed = 0

    world.panel.send({ type: 'cancel', id })

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'succeeded' })
    expect(world.engine.containers.size).toBe(0)
    expect(world.panel.observed(world.server.serverId)?.state).toBe('stopped')
  })

  test('[D1] holds back a start, which follows it', async () => {
    const world = await scriptWorld()
    await world.start()
    orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()
    world.panel.want({ ...world.server, generation: 2, power: running(1) })
    const line = orderInput(world.panel, aDesired().serverId, 'a command of another lane')
    await resultOf(world, line)
    const before = [...world.engine.made]

    world.endScript(0)
    await world.panel.untilState(world.server.serverId, 'running')

    expect(before).toHaveLength(1)
    expect(world.engine.made.at(-1)).toBe('start 1')
  })

  test('of a server that is to be removed is broken off', async () => {
    const world = await scriptWorld()
    await world.start()
    const id = orderInstall(world.panel, world.server.serverId)
    await world.untilScriptRuns()

    world.panel.want({ ...world.server, generation: 2, removed: true })

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'cancelled' })
    await world.panel.untilState(world.server.serverId, 'removed')
    expect(world.engine.containers.size).toBe(0)
  })
})
