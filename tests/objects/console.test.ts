import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { type ServerId, UserId } from '../../contract/ids.ts'
import { CloseCode } from '../../contract/protocol/frames.ts'
import { desired, newOperationId, newServerId, observed } from '../core/examples.ts'
import type { AgentDouble } from './agent-double.ts'
import { pass } from './clock.ts'
import { until } from './until.ts'
import { codeOf, value, World } from './world.ts'

const userOne = UserId.parse('01900000-0000-7000-8000-0000000000a1')

describe('the console', () => {
  test('[C3] keeps the last 1,000 lines of a server, also over an eviction', async () => {
    const { world, agent, serverId } = await running()
    for (let from = 1; from <= 1500; from += 50) say(agent, serverId, from, from + 49)
    await until(async () => (await tail(1)).at(-1) === 1500, 'all lines')
    await evictDurableObject(world.stub, { webSockets: 'hibernate' })

    const kept = await tail(5000)

    expect([kept.length, kept[0], kept.at(-1)]).toEqual([1000, 501, 1500])
    expect(await tail(3)).toEqual([1498, 1499, 1500])

    async function tail(lines: number) {
      const found = await world.stub.consoleTail(world.nodeId, serverId, lines)
      return value(found).map((line) => line.seq)
    }
  })

  test('[C2] after a welcome the agent is told the last number of each of its servers', async () => {
    const { world, agent, serverId } = await running()
    say(agent, serverId, 1, 7)
    await until(async () => (await world.tail(serverId)).length === 7, 'the lines')
    await evictDurableObject(world.stub, { webSockets: 'close' })

    const again = await world.connect()

    expect(await again.next('console_from')).toMatchObject({ after: { [serverId]: 7 } })
  })

  test('[C2] a known number is dropped, and one that skips becomes a gap line in its place', async () => {
    const { world, agent, serverId } = await running()
    say(agent, serverId, 1, 3)
    say(agent, serverId, 2, 4)
    say(agent, serverId, 8, 8)
    say(agent, serverId, 5, 6)

    const lines = await until(async () => {
      const found = await world.tail(serverId)
      return found.at(-1)?.seq === 8 && found
    }, 'the lines')

    expect(lines.map((line) => line.seq)).toEqual([1, 2, 3, 4, 7, 8])
    expect(lines[4]).toMatchObject({ stream: 'gap', text: '3' })
  })
})

describe('a browser', () => {
  test('is shown out when its account lost rights, and nobody else is', async () => {
    const { world, serverId } = await running()
    const theirs = await world.browse(serverId, userOne)
    const other = await world.browse(serverId, 'user-2')
    await Promise.all([theirs.next('hello'), other.next('hello')])

    const askedAt = Date.now()
    value(await world.stub.closeWatchers(world.nodeId, [userOne]))

    await until(() => theirs.closed !== null, 'the end of the socket')
    expect(Date.now() - askedAt).toBeLessThan(2000)
    expect(other.closed).toBeNull()
  })

  test('hears of those operations alone that its account may see', async () => {
    const { world, serverId } = await running()
    const reader = await world.browse(serverId, 'user-1', [])
    const starter = await world.browse(serverId, 'user-2', ['server.start'])
    const owner = await world.browse(serverId, 'user-3')
    await Promise.all([reader, starter, owner].map((browser) => browser.next('hello')))

    const id = newOperationId()
    await world.push(desired(serverId, 2), { id, kind: 'start' })
    await world.install(serverId)

    await until(() => owner.of('operation').length >= 2, 'both operations')
    expect(new Set(owner.of('operation').map(({ kind }) => kind))).toEqual(
      new Set(['server.start', 'server.install']),
    )
    await starter.next('operation')
    expect(starter.of('operation').every(({ operationId }) => operationId === id)).toBe(true)
    expect(reader.of('operation')).toEqual([])
  })

  test('[D6] is shown out when its server is suspended', async () => {
    const { world, serverId } = await running()
    const browser = await world.browse(serverId)
    await browser.next('hello')

    await world.push(desired(serverId, 2, { suspended: true }))

    await until(() => browser.closed !== null, 'the end of the socket')
    expect(browser.closed?.reason).toBe('the server was suspended')
  })

  test('[C3] hears the newest state at once, and resumes without a doubled line', async () => {
    const { world, agent, serverId } = await running()
    agent.say({ type: 'observed', observed: observed(serverId, 'running') })
    say(agent, serverId, 1, 5)
    await until(async () => (await world.tail(serverId)).length === 5, 'the lines')
    const browser = await world.browse(serverId)

    const hello = await browser.next('hello')
    say(agent, serverId, 6, 6)
    browser.say({ type: 'resume', afterSeq: 3 })
    await until(() => browser.seqs().length >= 3, 'the missing lines')
    await evictDurableObject(world.stub, { webSockets: 'hibernate' })
    say(agent, serverId, 7, 8)
    await until(() => browser.seqs().at(-1) === 8, 'the live lines')

    expect(hello).toMatchObject({ nodeOnline: true, oldestSeq: 1, newestSeq: 5 })
    expect(hello.observed?.state).toBe('running')
    expect(browser.seqs()).toEqual([4, 5, 6, 7, 8])
  })

  test('hears of states, samples, operations and the node as they come', async () => {
    const { world, agent, serverId } = await running()
    const browser = await world.browse(serverId)
    await browser.next('hello')
    agent.say({ type: 'observed', observed: observed(serverId, 'starting') })
    agent.say({ type: 'stats', samples: [sample(serverId)] })
    const id = await world.install(serverId)
    await browser.next('operation')
    agent.socket.close(1000, 'bye')

    expect(await browser.next('observed')).toMatchObject({ observed: { state: 'starting' } })
    expect(await browser.next('stats')).toEqual({ type: 'stats', sample: sample(serverId) })
    expect(browser.of('operation')[0]).toMatchObject({ operationId: id, state: 'queued' })
    expect(await browser.next('node')).toMatchObject({ online: false })
    expect(value(await world.stub.lastSample(world.nodeId, serverId))).toEqual(sample(serverId))
  })

  test('makes the agent watch its server, until it is gone', async () => {
    const { world, agent, serverId } = await running()
    const watched = () => agent.of('watch').map((frame) => frame.serverIds)
    const [first, second] = [await world.browse(serverId), await world.browse(serverId)]
    await until(() => watched().length === 2, 'a watch frame')
    first.close()
    second.close()

    await until(() => watched().length === 3, 'another watch frame')
    expect(watched()).toEqual([[], [serverId], []])
  })

  test('has no more than five sockets on one server; the oldest gives way', async () => {
    const { world, serverId } = await running()
    const sockets = []
    for (let n = 0; n < 6; n += 1) {
      pass(1)
      sockets.push(await world.browse(serverId))
    }
    const other = await world.browse(serverId, 'user-2')
    await other.next('hello')

    expect(await sockets[0]?.end()).toMatchObject({ code: CloseCode.replaced })
    expect(sockets.slice(1).map((socket) => socket.closed)).toEqual([null, null, null, null, null])
  })

  test.each([
    ['nonsense', ['{"type":"rm -rf"}'], CloseCode.protocol],
    ['a message over 64 KiB', [`"${'x'.repeat(65_536)}"`], 1009],
    ['21 messages in a second', Array(21).fill('{"type":"resume","afterSeq":0}'), 1008],
  ])('that sends %s is closed', async (_what, messages, code) => {
    const { world, serverId } = await running()
    const browser = await world.browse(serverId)
    await browser.next('hello')
    pass(1000 - (Date.now() % 1000))

    for (const message of messages) browser.raw(String(message))

    expect(await browser.end()).toMatchObject({ code })
  })

  test('is closed when its server is gone from the node', async () => {
    const { world, agent, serverId } = await running()
    const browser = await world.browse(serverId)
    await world.push(desired(serverId, 2, { removed: true }))
    agent.say({ type: 'observed', observed: observed(serverId, 'removed', { generation: 2 }) })

    expect(await browser.end()).toMatchObject({ code: 1000 })
    expect(browser.of('observed').at(-1)).toMatchObject({ observed: { state: 'removed' } })
  })
})

describe('older lines', () => {
  test('are asked of the agent', async () => {
    const { world, agent, serverId } = await running()
    const asked = world.stub.consoleHistory(world.nodeId, serverId, 100, 2)
    const { callId, call } = await agent.next('call')
    agent.say({ type: 'reply', callId, reply: { ok: true, lines: [97, 98, 99].map(line) } })

    expect(call).toEqual({ type: 'console.history', serverId, beforeSeq: 100, limit: 2 })
    expect(value(await asked).map((it) => it.seq)).toEqual([98, 99])
  })

  test('cannot be had from a node that is away, does not answer, or leaves', async () => {
    const { world, agent, serverId } = await running()
    const slow = world.stub.consoleHistory(world.nodeId, serverId, 100, 2)
    expect(codeOf(await slow)).toBe('node_timeout')
    const cut = world.stub.consoleHistory(world.nodeId, serverId, 100, 2)
    await until(() => agent.of('call').length === 2, 'the second call')
    agent.socket.close(1000, 'bye')

    expect(codeOf(await cut)).toBe('node_offline')
    expect(codeOf(await world.stub.consoleHistory(world.nodeId, serverId, 9, 2))).toBe(
      'node_offline',
    )
  })

  test('[N9] a reply that nobody asked for is dropped', async () => {
    const { world, agent, serverId } = await running()
    agent.say({ type: 'reply', callId: crypto.randomUUID(), reply: { ok: true, lines: [] } })
    say(agent, serverId, 1, 1)

    await until(async () => (await world.tail(serverId)).length === 1, 'the line after it')
  })
})

async function running() {
  const world = await World.enrolled()
  const serverId = newServerId()
  await world.push(desired(serverId))
  const agent = await world.connect()
  return { world, serverId, agent }
}

function line(seq: number) {
  return { seq, at: '2026-01-01T00:00:00.000Z', stream: 'stdout', text: `line ${seq}` } as const
}

function say(agent: AgentDouble, serverId: ServerId, from: number, to: number): void {
  const lines = Array.from({ length: to - from + 1 }, (_, n) => line(from + n))
  agent.say({ type: 'console', serverId, lines })
}

function sample(serverId: ServerId) {
  return {
    serverId,
    at: '2026-01-01T00:00:00.000Z',
    cpuPercent: 12.5,
    memoryBytes: 1000,
    memoryLimitBytes: 2000,
    networkRxBytes: 1,
    networkTxBytes: 2,
    diskBytes: null,
    uptimeMs: 5000,
  }
}
