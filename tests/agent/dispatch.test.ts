import { describe, expect, test } from 'vitest'
import { type Executors, succeeded } from '../../agent/executor.ts'
import type { Command } from '../../contract/protocol/commands.ts'
import { newOperationId, newServerId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'
import { until } from '../support/until.ts'
import {
  commandFrame,
  type DispatchOptions,
  type DispatchWorld,
  dispatchWorld,
  type Outside,
} from './dispatch-world.ts'

const serverId = newServerId()
const install: Command = { type: 'server.install', serverId, wipe: false }
const input: Command = { type: 'console.input', serverId, line: 'say hi' }

const doneFrames = (world: DispatchWorld) =>
  world.sent.flatMap((frame) => (frame.type === 'done' ? [frame] : []))
const untilDone = (world: DispatchWorld, count = 1) =>
  until(() => doneFrames(world).length >= count, `${count} results`)

describe('carrying out', () => {
  test('[Q4] accepted, then done, and the same answer when it comes again', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir(), quick: true })
    const id = newOperationId()

    world.dispatch.receive(commandFrame(id, install))
    await untilDone(world)
    world.dispatch.receive(commandFrame(id, install))

    expect(world.sent).toMatchObject([
      { type: 'accepted', id, seq: 1 },
      { type: 'done', id, seq: 1, result: succeeded },
      { type: 'done', id, seq: 1, result: succeeded },
    ])
  })

  test('[Q2] at most one command of a server runs; another server’s runs beside it', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    const [first, second, other] = [newOperationId(), newOperationId(), newOperationId()]
    world.dispatch.receive(commandFrame(first, install))
    world.dispatch.receive(commandFrame(second, install, { seq: 2 }))
    world.dispatch.receive(commandFrame(other, { ...install, serverId: newServerId() }, { seq: 3 }))
    await until(() => world.running.size === 2)

    const beside = [...world.running.keys()]
    world.finish(first)
    await until(() => world.running.has(second))

    expect(beside).toEqual([first, other])
  })

  test('[D1] a command waits while its server is being reconciled, and starts after', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir(), quick: true })
    world.lanes.take('reconciling', serverId)
    world.dispatch.receive(commandFrame(newOperationId(), install))

    const before = doneFrames(world)
    world.lanes.free('reconciling', serverId)
    await untilDone(world)

    expect(before).toEqual([])
  })

  test('[Q9] a command whose time runs out while it waits expires', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    world.lanes.take('reconciling', serverId)
    world.dispatch.receive(commandFrame(newOperationId(), install, { deadlineInMs: 2000 }))

    world.clock.advance(1999)
    const before = doneFrames(world).length
    world.clock.advance(1)

    expect(before).toBe(0)
    expect(doneFrames(world)).toMatchObject([{ result: { outcome: 'expired' } }])
  })

  test('[Q7] a command that runs longer than its type may fails as timed out', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    const id = newOperationId()
    world.dispatch.receive(commandFrame(id, install))
    await until(() => world.running.has(id))

    world.clock.advance(120 * 60_000)
    await untilDone(world)

    expect(doneFrames(world)).toMatchObject([{ result: { outcome: 'failed', code: 'timed_out' } }])
  })

  test('[Q8] a running command that is cancelled says so', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    const id = newOperationId()
    world.dispatch.receive(commandFrame(id, install))
    await until(() => world.running.has(id))

    world.dispatch.receive({ type: 'cancel', epoch: 1, id })
    await untilDone(world)

    expect(doneFrames(world)).toMatchObject([{ result: { outcome: 'cancelled' } }])
  })

  test('[N8] a command that is not understood fails as unsupported', () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    const id = newOperationId()

    world.dispatch.unsupported({ id, seq: 7 })

    expect(world.sent).toMatchObject([
      { type: 'done', id, seq: 7, result: { outcome: 'failed', code: 'unsupported' } },
    ])
  })

  test('[Q12] progress is told at most twice a second, the newest of it, and no line is lost', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    const id = newOperationId()
    world.dispatch.receive(commandFrame(id, install))
    const context = await until(() => world.running.get(id))

    for (let percent = 1; percent <= 100; percent += 1) {
      context.progress({ percent })
      context.log(`line ${percent}`)
      world.clock.advance(10)
    }
    world.clock.advance(500)

    const told = world.sent.flatMap((frame) => (frame.type === 'progress' ? [frame] : []))
    expect(told.length).toBeLessThanOrEqual(4)
    expect(told.at(-1)?.progress.percent).toBe(100)
    expect(told.flatMap(({ log }) => log)).toEqual(
      Array.from({ length: 100 }, (_, index) => `line ${index + 1}`),
    )
  })

  test('hello names what is not settled', async () => {
    const world = dispatchWorld({ dataDir: temporaryDir() })
    const [open, ended] = [newOperationId(), newOperationId()]
    world.dispatch.receive(commandFrame(ended, { ...input, serverId: newServerId() }))
    world.dispatch.receive(commandFrame(open, install, { seq: 2 }))
    await untilDone(world)

    expect(world.dispatch.inflight()).toEqual([open])
  })
})

/** Runs a command in a process that dies somewhere, then in one that goes on from the same directory. */
async function killedOnce(command: Command, death: Partial<DispatchOptions>) {
  const dataDir = temporaryDir()
  const outside: Outside = new Map()
  const id = newOperationId()
  const first = dispatchWorld({ dataDir, outside, quick: true, ...death })
  first.dispatch.receive(commandFrame(id, command))
  await new Promise((resolve) => setImmediate(resolve))
  first.kill()

  const second = dispatchWorld({ dataDir, outside, quick: true })
  second.dispatch.recover()
  second.dispatch.welcomed(1)
  second.dispatch.receive(commandFrame(id, command))
  await untilDone(second)
  return {
    toldBefore: first.sent.map(({ type }) => type),
    result: doneFrames(second)[0]?.result,
    effects: outside.get(id) ?? 0,
  }
}

describe('a process that dies', () => {
  test.each([
    ['after it wrote that the command is accepted', { diesAfterWrites: 1 }],
    ['after it wrote that the command is started', { diesAfterWrites: 2 }],
    ['after the effect', { diesAfterEffect: true }],
    ['after it wrote the result', { diesAfterWrites: 3 }],
    ['after it told the result', {}],
  ])('[Q4] %s: an installation happens once and succeeds', async (_when, death) => {
    const { result, effects } = await killedOnce(install, death)

    expect(result).toEqual(succeeded)
    expect(effects).toBe(1)
  })

  test.each([
    ['after it wrote that the line is accepted', { diesAfterWrites: 1 }, 'succeeded', 1],
    ['after it wrote that the line is started', { diesAfterWrites: 2 }, 'indeterminate', 0],
    ['after the line was typed', { diesAfterEffect: true }, 'indeterminate', 1],
    ['after it wrote the result', { diesAfterWrites: 3 }, 'succeeded', 1],
  ])(
    '[Q6] %s: it is typed at most once, and the end is true',
    async (_when, death, outcome, times) => {
      const { result, effects } = await killedOnce(input, death)

      expect(result?.outcome).toBe(outcome)
      expect(effects).toBe(times)
    },
  )

  test('[Q4] never told what was not on disk', async () => {
    const { toldBefore } = await killedOnce(install, { diesAfterWrites: 1 })

    expect(toldBefore).toEqual([])
  })

  test('[Q6] three times in the same command gives it up and undoes it', async () => {
    const dataDir = temporaryDir()
    const id = newOperationId()
    for (let deaths = 0; deaths < 3; deaths += 1) {
      const world = dispatchWorld({ dataDir })
      world.dispatch.recover()
      world.dispatch.receive(commandFrame(id, install))
      await until(() => world.running.has(id))
      world.kill()
    }

    const last = dispatchWorld({ dataDir })
    last.dispatch.recover()
    await untilDone(last)

    expect(doneFrames(last)).toMatchObject([{ result: { outcome: 'failed', code: 'poison' } }])
    expect(last.running.size).toBe(0)
  })

  test('[Q6] in a clean end the command is left to the next start, without a result', async () => {
    const dataDir = temporaryDir()
    const id = newOperationId()
    const first = dispatchWorld({ dataDir })
    first.dispatch.receive(commandFrame(id, install))
    await until(() => first.running.has(id))

    await first.dispatch.close()

    expect(doneFrames(first)).toEqual([])
    expect(first.dispatch.inflight()).toEqual([id])
  })
})

test('[Q4] a full disk leaves a command unaccepted instead of half known', () => {
  const world = dispatchWorld({ dataDir: temporaryDir() })
  world.kill()

  const taken = world.dispatch.receive(commandFrame(newOperationId(), install))

  expect(taken).toBe(false)
  expect(world.sent).toEqual([])
  expect(world.dispatch.inflight()).toEqual([])
})

test('[Q7] executors repeat as their command’s rule says', async () => {
  const { commandRules } = await import('../../contract/protocol/commands.ts')
  const { createInputExecutor } = await import('../../agent/servers/input.ts')
  const { createInstallExecutor } = await import('../../agent/servers/install.ts')
  const deps = {} as Parameters<typeof createInputExecutor>[0] // Nothing of it is touched here.
  const executors: Executors = {
    'server.install': createInstallExecutor(deps),
    'console.input': createInputExecutor(deps),
  }

  for (const [type, { repeat }] of Object.entries(executors)) {
    expect([type, repeat]).toEqual([type, commandRules[type as Command['type']].repeat])
  }
})
