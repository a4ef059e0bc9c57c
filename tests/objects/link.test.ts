import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { CloseCode } from '../../contract/protocol/frames.ts'
import { desired, newNodeId, newServerId } from '../core/examples.ts'
import { AgentDouble, AgentKey } from './agent-double.ts'
import { pass, passAndRing } from './clock.ts'
import { until } from './until.ts'
import { codeOf, value, World } from './world.ts'

describe('enrolment', () => {
  test('[N1] an object that was never given a key refuses, and keeps nothing', async () => {
    const nodeId = newNodeId()
    const stub = env.NODES.getByName(nodeId)

    const agent = await AgentDouble.dial(stub, nodeId)

    expect(await agent.end()).toMatchObject({ code: CloseCode.unauthorized })
    const tables = await runInDurableObject(stub, (_object, state) =>
      state.storage.sql.exec('SELECT count(*) AS n FROM sqlite_master').one(),
    )
    expect(tables).toEqual({ n: 0 })
    expect(value(await stub.link(nodeId))).toMatchObject({ online: false, epoch: 0 })
  })

  test('[N1] a hello that another key signed is refused', async () => {
    const world = await World.enrolled()
    const agent = await world.dial()

    await agent.hello(world.nodeId, await AgentKey.make(), {})

    expect(await agent.end()).toMatchObject({ code: CloseCode.unauthorized })
    expect(value(await world.stub.link(world.nodeId)).epoch).toBe(0)
  })

  test('[N1] a signature for one nonce does not open another socket', async () => {
    const world = await World.enrolled()
    const [first, second] = [await world.dial(), await world.dial()]
    const { nonce } = await first.next('challenge')
    second.frames.unshift({ type: 'challenge', nonce })

    await second.hello(world.nodeId, world.key, {})

    expect(await second.end()).toMatchObject({ code: CloseCode.unauthorized })
  })

  test.each(['another', 'none'])('[N1] setting %s key closes the live socket', async (which) => {
    const world = await World.enrolled()
    const agent = await world.connect()
    const key = which === 'none' ? null : (await AgentKey.make()).publicKey

    const view = value(await world.stub.setKey(world.nodeId, key))

    expect(await agent.end()).toMatchObject({ code: CloseCode.unauthorized })
    expect(view.online).toBe(false)
    await until(() => world.ledger.of('node.offline')[0], 'node.offline')
  })

  test('[N9] another node id, or a key that is none, is refused', async () => {
    const world = await World.enrolled()

    expect(codeOf(await world.stub.setKey(newNodeId(), world.key.publicKey))).toBe('not_found')
    expect(codeOf(await world.stub.setKey(world.nodeId, 'rubbish'))).toBe('invalid_input')
    const foreign = await AgentDouble.dial(world.stub, newNodeId())
    expect(await foreign.end()).toMatchObject({ code: CloseCode.unauthorized })
  })

  test('a node that is forgotten leaves nothing behind and shuts its agent out', async () => {
    const world = await World.enrolled()
    const agent = await world.connect()

    value(await world.stub.forget(world.nodeId))

    expect(await agent.end()).toMatchObject({ code: CloseCode.unauthorized })
    expect(await (await world.dial()).end()).toMatchObject({ code: CloseCode.unauthorized })
    const left = await runInDurableObject(world.stub, (_object, state) => state.storage.getAlarm())
    expect(left).toBeNull()
    expect(value(await world.stub.forget(world.nodeId))).toBeNull()
  })
})

describe('hello', () => {
  test('[N3] an agent that signs its challenge is welcomed, and the ledger hears of it', async () => {
    const world = await World.enrolled()

    const agent = await world.connect()

    expect(agent.epoch).toBe(1)
    expect(value(await world.stub.link(world.nodeId))).toMatchObject({ online: true, epoch: 1 })
    await until(() => world.ledger.of('node.online')[0], 'node.online')
  })

  test('[N3] [N11] each welcome raises the epoch, closes the older socket and tells the timers', async () => {
    const world = await World.enrolled()
    const first = await world.connect()

    const second = await world.connect()

    expect([first.epoch, second.epoch]).toEqual([1, 2])
    expect(await first.end()).toMatchObject({ code: CloseCode.replaced })
    // The tests' object divides all of them by ten.
    expect(second.of('welcome')[0]?.timers).toMatchObject({ pingEvery: 1500 })
  })

  test('[N3] a number that was seen is refused with the known one, and the next is let in', async () => {
    const world = await World.enrolled()
    await world.connect({ connNo: 7 })
    const late = await world.dial()

    await late.hello(world.nodeId, world.key, { connNo: 7 })

    expect(await late.end()).toEqual({ code: CloseCode.stale, reason: '7' })
    const next = await world.connect({ connNo: 8 })
    expect(next.epoch).toBe(2)
    await until(() => world.ledger.of('node.alert')[0]?.alert === 'restored_agent', 'an alert')
  })

  test('[N3] a cloned machine is refused until an admin adopts it', async () => {
    const world = await World.enrolled()
    const holder = await world.connect()
    const clone = await world.dial()
    await world.hello(clone, { machineId: 'machine-2' })

    expect(await clone.end()).toMatchObject({ code: CloseCode.duplicate })
    await until(() => world.ledger.of('node.alert')[0]?.alert === 'cloned', 'an alert')

    value(await world.stub.adopt(world.nodeId))
    const adopted = await world.connect({ machineId: 'machine-2' })
    expect(adopted.epoch).toBe(2)
    expect(await holder.end()).toMatchObject({ code: CloseCode.replaced })
  })

  test('[N3] a socket that sends no hello is closed in time', async () => {
    const world = await World.enrolled()
    const agent = await world.dial()
    await agent.next('challenge')
    await passAndRing(world, 1001)

    expect(await agent.end()).toMatchObject({ code: CloseCode.unauthorized })
  })
})

describe('the live socket', () => {
  test('[N4] a frame of another epoch is answered fenced, and its socket closed', async () => {
    const world = await World.enrolled()
    await world.connect()
    const agent = await world.connect()

    agent.raw({ type: 'observed_end', epoch: 1 })

    expect(await agent.next('fenced')).toEqual({ type: 'fenced', epoch: 1, current: 2 })
    await agent.end()
    expect(value(await world.stub.link(world.nodeId)).online).toBe(false)
  })

  test('[N5] hibernation keeps the link: the socket is found again by its epoch', async () => {
    const world = await World.enrolled()
    const serverId = newServerId()
    const agent = await world.connect()
    await evictDurableObject(world.stub, { webSockets: 'hibernate' })

    await world.push(desired(serverId))
    const pushed = await agent.next('desired')
    agent.say({ type: 'console', serverId, lines: [line(1)] })

    expect(pushed).toMatchObject({ epoch: 1, server: { serverId } })
    await until(async () => {
      return value(await world.stub.consoleTail(world.nodeId, serverId, 10)).length === 1
    }, 'the line')
    expect(value(await world.stub.link(world.nodeId))).toMatchObject({ online: true, epoch: 1 })
  })

  test('[N5] an object whose sockets died with it knows that its node is offline', async () => {
    const world = await World.enrolled()
    await world.connect()
    await evictDurableObject(world.stub, { webSockets: 'close' })

    const view = value(await world.stub.link(world.nodeId))
    await until(() => world.ledger.of('node.offline')[0], 'node.offline')

    expect(view).toMatchObject({ online: false, epoch: 1 })
    expect((await world.connect()).epoch).toBe(2)
  })

  test('[N6] a ping is answered by the platform', async () => {
    const world = await World.enrolled()
    const agent = await world.connect()

    agent.raw('ping')

    await until(() => agent.pongs === 1, 'a pong')
  })

  test('[N6] a silent agent is closed, and node.offline is reported once', async () => {
    const world = await World.enrolled()
    const agent = await world.connect()
    await until(() => world.ledger.of('node.online')[0], 'node.online')
    await passAndRing(world, 6001)
    expect(await agent.end()).toMatchObject({ code: CloseCode.silent })
    pass(60_000)
    await world.stub.poke(world.nodeId)
    await runDurableObjectAlarm(world.stub)

    await until(() => world.ledger.of('node.offline')[0], 'node.offline')
    expect(world.ledger.of('node.offline')).toHaveLength(1)
  })

  test('[N6] a link on which nothing is late is left alone', async () => {
    const world = await World.enrolled()
    await world.connect()
    await passAndRing(world, 4999)

    expect(value(await world.stub.link(world.nodeId)).online).toBe(true)
  })

  test.each([
    ['no JSON', 'so?'],
    ['an unknown type', '{"type":"dance","epoch":1}'],
    ['a wrong field', '{"type":"accepted","epoch":1,"id":"x","seq":1}'],
    ['a second hello', null],
  ])('[N8] %s closes the socket with a reason and loses nothing', async (_what, frame) => {
    const world = await World.enrolled()
    const serverId = newServerId()
    await world.push(desired(serverId))
    const agent = await world.connect()
    const id = await world.install(serverId)
    await agent.next('command')

    if (frame === null) await world.hello(agent)
    else agent.raw(frame)

    const end = await agent.end()
    expect(end.code).toBe(CloseCode.protocol)
    expect(end.reason).not.toBe('')
    const again = await world.connect()
    expect(await again.next('command')).toMatchObject({ id, seq: 1 })
  })

  test('[N8] a binary frame, and one before hello, close the socket', async () => {
    const world = await World.enrolled()
    const [binary, early] = [await world.dial(), await world.dial()]

    binary.socket.send(new Uint8Array([1, 2, 3]))
    early.raw({ type: 'observed_end', epoch: 1 })

    expect(await binary.end()).toMatchObject({ code: CloseCode.protocol })
    expect(await early.end()).toMatchObject({ code: CloseCode.protocol })
  })
})

function line(seq: number) {
  return { seq, at: '2026-01-01T00:00:00.000Z', stream: 'stdout', text: `line ${seq}` } as const
}
