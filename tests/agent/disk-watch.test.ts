import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { running } from '../support/server-fixtures.ts'
import {
  gameSpec,
  type InstalledWorld,
  installedWorld,
  orderInstall,
  resultOf,
} from './agent-world.ts'
import { script, scriptWorld } from './install-world.ts'
import { runningWorld, want } from './running-world.ts'

const spec = { ...gameSpec, limits: { ...gameSpec.limits, diskMb: 16 } }

/** Minutes pass while the tests wait. */
function hurry({ panel, clock }: Pick<InstalledWorld, 'panel' | 'clock'>): void {
  panel.onPoll = () => clock().advance(1_000)
}

function fill(
  { dataDir, server }: Pick<InstalledWorld, 'dataDir' | 'server'>,
  megabytes: number,
): void {
  const folder = join(dataDir, 'servers', server.serverId, 'files', 'world')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'big'), Buffer.alloc(megabytes * 1024 * 1024, 1))
}

function untilSaid({ panel }: InstalledWorld, text: RegExp) {
  panel.send({ type: 'console_from', after: {} })
  return panel.until(() => {
    const lines = panel.of('console').flatMap((frame) => frame.lines)
    return lines.some((line) => line.stream === 'system' && text.test(line.text))
  })
}

test('[D9] a running server is warned when its files are over their limit, then stopped and kept stopped', async () => {
  const world = await runningWorld(spec)
  hurry(world)
  fill(world, 20)

  await untilSaid(world, /^Its files take 2\d MiB of the 16 MiB .* stopped in 5 minutes\.$/)
  expect(world.panel.observed(world.server.serverId)?.state).toBe('running')
  const stopped = await world.panel.untilState(world.server.serverId, 'stopped')

  expect(stopped).toMatchObject({
    exit: { expected: true },
    problem: { code: 'disk_full', startNo: 1 },
  })
  expect(world.engine.made.filter((made) => made.startsWith('start'))).toEqual(['start 1'])
})

test('[D9] a server that is far over its limit is stopped at once', async () => {
  const world = await runningWorld(spec)
  hurry(world)
  fill(world, 30)

  await world.panel.untilState(world.server.serverId, 'stopped')

  expect(world.panel.observed(world.server.serverId)?.problem).toMatchObject({
    code: 'disk_full',
    message: expect.stringMatching(/ The server is stopped\.$/),
  })
})

test('[D9] a server whose files are over their limit is not started before something is deleted', async () => {
  const world = await installedWorld(spec)
  fill(world, 20)

  want(world, { generation: 2, power: running(1) })
  const problem = await world.panel.until(
    () => world.panel.observed(world.server.serverId)?.problem,
  )
  rmSync(join(world.dataDir, 'servers', world.server.serverId, 'files', 'world'), {
    recursive: true,
  })
  want(world, { generation: 3, power: running(2) })
  const observed = await world.panel.untilState(world.server.serverId, 'running')

  expect(problem).toMatchObject({ code: 'disk_full', startNo: 1 })
  expect(observed).toMatchObject({ startNo: 2, problem: null })
})

test('[D9] an installation that fills the disk far beyond the limit is ended and says so', async () => {
  const world = await scriptWorld({ ...spec, install: script })
  await world.start()
  hurry(world)
  const id = orderInstall(world.panel, world.server.serverId)
  await world.untilScriptRuns()

  fill(world, 30)

  expect(await resultOf(world, id)).toEqual({
    outcome: 'failed',
    code: 'disk_full',
    message: expect.stringMatching(/^Its files take 3\d MiB of the 16 MiB that they may\.$/),
  })
  expect(world.panel.observed(world.server.serverId)?.state).toBe('install_failed')
})
