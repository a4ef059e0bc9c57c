import { describe, expect, test } from 'vitest'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import { CloseCode, maxFrameBytes } from '../../contract/protocol/frames.ts'
import { aDesired, newOperationId } from '../support/server-fixtures.ts'
import { until } from '../support/until.ts'
import { agentWorld, installedWorld, orderInput, resultOf } from './agent-world.ts'

/** Waits for the socket's end, then lets the wait before the next attempt pass. */
async function redialled(
  { panel }: { panel: Awaited<ReturnType<typeof agentWorld>>['panel'] },
  process: { readonly clock: { advance(ms: number): void }; readonly log: string[] },
  waitMs: number,
) {
  const welcomes = panel.of('observed_end').length
  await until(() => process.log.some((line) => line.includes('not connected')), 'the end')
  process.clock.advance(waitMs)
  await panel.untilWelcomed(welcomes + 1)
}

describe('the link of a whole agent', () => {
  test('[N1] [N3] it enrols, and its hello is signed with the key it showed', async () => {
    const { panel, start } = await agentWorld()

    await start()

    expect(panel.hellos).toMatchObject([{ nodeId: panel.nodeId, bootNo: 1, connNo: 1 }])
  })

  test('[N2] each start and each attempt has a higher number', async () => {
    const world = await agentWorld()
    const first = await world.start()
    world.panel.close(CloseCode.again)
    await redialled(world, first, 500)
    await first.close()

    await world.start()

    expect(world.panel.hellos.map(({ bootNo, connNo }) => [bootNo, connNo])).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
    ])
  })

  test('[N3] an agent whose number was seen before goes on from the known one', async () => {
    const world = await agentWorld()
    const first = await world.start()
    world.panel.refuseWith = { code: CloseCode.stale, reason: '400' }
    world.panel.close(CloseCode.again)
    await until(() => first.log.some((line) => line.includes('4410')))
    first.clock.advance(500)
    await until(() => first.log.some((line) => line.includes('4409')))

    first.clock.advance(1000)
    await world.panel.untilWelcomed(2)

    expect(world.panel.hellos.at(-1)?.connNo).toBe(401)
    expect(first.identity.connNo).toBe(401)
    // Its directory may be an older copy of itself, and its journal with it [Q6].
    const line = orderInput(world.panel, aDesired().serverId, 'say hello')
    expect(await resultOf(world, line)).toMatchObject({ outcome: 'indeterminate' })
  })

  test('looks at its machine every five minutes, and tells what has changed', async () => {
    const world = await agentWorld()
    const first = await world.start()
    world.engine.warnings = ['the swap is full']

    // In steps, for a link on which time leaps is a dead one.
    await until(() => {
      first.clock.advance(2_000)
      return world.panel.of('runtime').length > 0
    })

    expect(world.panel.of('runtime').at(-1)?.runtime.warnings).toEqual(['the swap is full'])
  })

  test('[N4] a fenced agent dials again', async () => {
    const world = await agentWorld()
    const first = await world.start()

    world.panel.send({ type: 'fenced', current: 2 })
    await redialled(world, first, 2500)

    expect(world.panel.hellos).toHaveLength(2)
  })

  test('[N6] an agent that hears no pong for 40 s gives its socket up and dials again', async () => {
    const world = await agentWorld()
    world.panel.answersPings = false
    const first = await world.start()

    first.clock.advance(40_000)
    await redialled(world, first, 2500)

    expect(world.panel.closes).toMatchObject([{ code: 1006 }])
  })

  test('[N7] a revoked agent asks again only after five minutes', async () => {
    const world = await agentWorld()
    const first = await world.start()
    world.panel.close(CloseCode.unauthorized, 'the key was revoked')
    await until(() => first.log.some((line) => line.includes('4401')))

    first.clock.advance(299_999)
    const before = first.identity.connNo
    first.clock.advance(1)
    await world.panel.untilWelcomed(2)

    expect(before).toBe(1)
  })

  test('[N8] what is not understood is passed over, and the link goes on', async () => {
    const { panel, start } = await agentWorld()
    const first = await start()
    const server = aDesired()

    panel.sendText('{"type":"dance"}')
    panel.sendText('not JSON')
    panel.want(server)
    await until(() => panel.observed(server.serverId))

    expect(panel.hellos).toHaveLength(1)
    expect(first.log.filter((line) => line.includes('not understood'))).toHaveLength(2)
  })

  test('[N8] a command of a later version fails as unsupported', async () => {
    const world = await agentWorld()
    await world.start()
    const id = newOperationId()

    world.panel.sendText(
      JSON.stringify({ type: 'command', epoch: 1, id, seq: 3, command: { type: 'server.dance' } }),
    )

    expect(await resultOf(world, id)).toMatchObject({ outcome: 'failed', code: 'unsupported' })
  })

  test('[N8] a frame over 256 KiB costs the socket, not the agent', async () => {
    const world = await agentWorld()
    const first = await world.start()

    world.panel.sendText('x'.repeat(maxFrameBytes + 1))
    await redialled(world, first, 2500)

    expect(world.panel.hellos).toHaveLength(2)
  })

  test('[D1] its digest is that of the desired states it was sent', async () => {
    const world = await installedWorld()

    world.panel.close(CloseCode.again)
    await redialled(world, world.first, 500)

    const { desired, hellos } = world.panel
    expect(hellos.at(-1)?.desiredDigest).toBe(desiredDigest(desired.values()))
  })

  test('[D3] after a welcome every server is reported, and then the end of the list', async () => {
    const world = await installedWorld()
    const from = world.panel.frames.length

    world.panel.close(CloseCode.again)
    await redialled(world, world.first, 500)

    const told = world.panel.frames.slice(from).map(({ type }) => type)
    expect(told.slice(0, 2)).toEqual(['observed', 'observed_end'])
  })

  test('answers a call for older console lines', async () => {
    const { panel, server } = await installedWorld()
    const callId = newOperationId()

    panel.send({
      type: 'call',
      callId,
      call: { type: 'console.history', serverId: server.serverId, beforeSeq: 100, limit: 1 },
      deadlineInMs: 1000,
    })
    const [reply] = await until(() => {
      const replies = panel.of('reply')
      return replies.length > 0 ? replies : null
    })

    expect(reply).toMatchObject({
      callId,
      reply: { ok: true, lines: [{ stream: 'install', text: 'Installed.' }] },
    })
  })

  test('a line that was typed is in the log before the process sees it', async () => {
    const world = await installedWorld()
    const { panel, server } = world
    panel.want({ ...server, generation: 2, power: { wanted: 'running', startNo: 1, how: 'stop' } })
    await panel.untilState(server.serverId, 'running')
    panel.send({ type: 'console_from', after: {} })

    expect(await resultOf(world, orderInput(panel, server.serverId, 'hi'))).toMatchObject({
      outcome: 'succeeded',
    })
    const lines = await panel.until(() => {
      const all = panel.of('console').flatMap((frame) => frame.lines)
      return all.some(({ text }) => text === 'you said hi') ? all : null
    })

    const typed = lines.findIndex(({ stream, text }) => stream === 'input' && text === 'hi')
    const answered = lines.findIndex(({ text }) => text === 'you said hi')
    expect(typed).toBeGreaterThanOrEqual(0)
    expect(typed).toBeLessThan(answered)
  })
})
