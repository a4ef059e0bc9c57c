import { expect, test } from 'vitest'
import type { Command } from '../../contract/protocol/commands.ts'
import { newOperationId, newServerId } from '../support/server-fixtures.ts'
import { temporaryDir } from '../support/temporary-dir.ts'
import { until } from '../support/until.ts'
import { commandFrame, type DispatchWorld, dispatchWorld } from './dispatch-world.ts'

const input: Command = { type: 'console.input', serverId: newServerId(), line: 'say hi' }

const doneFrames = (world: DispatchWorld) =>
  world.sent.flatMap((frame) => (frame.type === 'done' ? [frame] : []))
const untilDone = (world: DispatchWorld, count = 1) =>
  until(() => doneFrames(world).length >= count, `${count} results`)

test('[Q6] a lost journal answers a repeated line as unknown for a while', async () => {
  const world = dispatchWorld({ dataDir: temporaryDir(), journalLost: true })
  const [repeat, fresh] = [newOperationId(), newOperationId()]
  world.dispatch.welcomed(1)

  world.dispatch.receive(commandFrame(repeat, input))
  world.clock.advance(10_000)
  world.dispatch.receive(commandFrame(fresh, input, { seq: 2 }))
  await untilDone(world, 2)

  expect(doneFrames(world)).toMatchObject([
    { id: repeat, result: { outcome: 'indeterminate' } },
    { id: fresh, result: { outcome: 'succeeded' } },
  ])
})

test('[Q6] a lost journal stays in doubt until a link has lasted, whoever is started meanwhile', async () => {
  const dataDir = temporaryDir()
  const first = dispatchWorld({ dataDir, journalLost: true })
  first.dispatch.welcomed(1)
  first.clock.advance(9_000)
  first.dispatch.down()
  first.clock.advance(9_000)
  first.kill()
  const second = dispatchWorld({ dataDir, journalLost: true })
  second.dispatch.welcomed(1)

  second.dispatch.receive(commandFrame(newOperationId(), input))
  await untilDone(second)

  expect(doneFrames(second)).toMatchObject([{ result: { outcome: 'indeterminate' } }])
})

test('[Q6] a journal that turns out to be an older copy is in doubt, over a restart too', async () => {
  const dataDir = temporaryDir()
  const first = dispatchWorld({ dataDir })
  first.dispatch.outdated()
  first.kill()
  const second = dispatchWorld({ dataDir, journalLost: true })
  second.dispatch.welcomed(1)

  second.dispatch.receive(commandFrame(newOperationId(), input))
  await untilDone(second)

  expect(doneFrames(second)).toMatchObject([{ result: { outcome: 'indeterminate' } }])
})

test('[Q6] what is sent for the first time is no repeat, whatever became of the journal', async () => {
  const world = dispatchWorld({ dataDir: temporaryDir(), journalLost: true })
  world.dispatch.welcomed(1)

  world.dispatch.receive({ ...commandFrame(newOperationId(), input), again: false })
  world.dispatch.receive({ ...commandFrame(newOperationId(), input, { seq: 2 }), again: true })
  await untilDone(world, 2)

  expect(
    doneFrames(world)
      .map(({ result }) => result.outcome)
      .toSorted(),
  ).toEqual(['indeterminate', 'succeeded'])
})
