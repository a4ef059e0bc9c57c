import { expect, test } from 'vitest'
import { running } from '../support/server-fixtures.ts'
import { orderInstall, resultOf } from './agent-world.ts'
import { type ScriptWorld, scriptWorld } from './install-world.ts'
import { stop, want } from './running-world.ts'

type World = ScriptWorld & { readonly first: Awaited<ReturnType<ScriptWorld['start']>> }

async function install(world: ScriptWorld, seq: number): Promise<void> {
  const runs = world.runs()
  const id = orderInstall(world.panel, world.server.serverId, { seq })
  await world.untilScriptRuns(runs + 1)
  world.endScript(0)
  await resultOf(world, id)
}

/** Starts the server for the `startNo`th time and stops it again. */
async function run(world: World, startNo: number): Promise<void> {
  const { panel, server } = world
  want(world, { generation: startNo * 10, power: running(startNo) })
  await panel.until(() => panel.observed(server.serverId)?.startNo === startNo)
  await panel.untilState(server.serverId, 'running')
  want(world, { generation: startNo * 10 + 1, power: { ...stop, startNo } })
  await panel.untilState(server.serverId, 'stopped')
}

async function installedByScript(): Promise<World> {
  const world = await scriptWorld()
  const first = await world.start()
  world.panel.send({ type: 'console_from', after: {} })
  await install(world, 1)
  return { ...world, first }
}

/** What containers printed, as the panel was told it. */
async function printed({ panel, clock }: ScriptWorld): Promise<string[]> {
  // Lines that nobody watches are gathered for a second.
  for (let step = 0; step < 40; step += 1) {
    clock().advance(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return panel
    .of('console')
    .flatMap(({ lines }) => lines)
    .filter(({ stream, text }) => stream === 'stdout' || text === 'unpacking')
    .map(({ text }) => text)
}

function lastSeq({ panel }: ScriptWorld): number {
  return Math.max(...panel.of('console').flatMap(({ lines }) => lines.map(({ seq }) => seq)))
}

const oneRun = ['Map generated, starting game', 'you said exit']

test('[C1] [D7] what a run printed does not come again with the next start', async () => {
  const world = await installedByScript()

  await run(world, 1)
  await run(world, 2)
  await run(world, 3)

  expect(await printed(world)).toEqual(['unpacking', ...oneRun, ...oneRun, ...oneRun])
})

test('[C1] [D7] nor with a start that follows another installation', async () => {
  const world = await installedByScript()

  await run(world, 1)
  await install(world, 2)
  await run(world, 2)

  expect(await printed(world)).toEqual(['unpacking', ...oneRun, 'unpacking', ...oneRun])
})

test('[C1] [D7] nor when the agent was killed between two runs', async () => {
  const world = await installedByScript()

  await run(world, 1)
  const { length } = await printed(world)
  world.first.kill()
  await world.start()
  world.panel.send({ type: 'console_from', after: { [world.server.serverId]: lastSeq(world) } })
  await run(world, 2)

  expect((await printed(world)).slice(length)).toEqual(oneRun)
})
