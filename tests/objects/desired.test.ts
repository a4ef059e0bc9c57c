import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { desiredDigest } from '../../contract/protocol/digest.ts'
import {
  actor,
  desired,
  installOrder,
  newOperationId,
  newServerId,
  observed,
} from '../core/examples.ts'
import { pass, passAndRing } from './clock.ts'
import { until } from './until.ts'
import { value, World } from './world.ts'

const running = { wanted: 'running', startNo: 1, how: 'stop' } as const

describe('desired state', () => {
  test('[D1] is sent in full to an agent whose digest differs, and not to one that has it', async () => {
    const world = await World.enrolled()
    const servers = [desired(newServerId()), desired(newServerId(), 4)]
    for (const server of servers) await world.push(server)
    const behind = await world.connect()
    const end = await behind.next('desired_end')
    await evictDurableObject(world.stub)

    const current = await world.connect({ desiredDigest: end.digest })

    expect(behind.of('desired').map((frame) => frame.server)).toEqual(
      expect.arrayContaining(servers),
    )
    expect(end.digest).toBe(desiredDigest(servers))
    expect(current.of('welcome')[0]?.desiredDigest).toBe(end.digest)
    await current.next('watch')
    expect(current.of('desired')).toEqual([])
  })

  test('[D1] a power click ends when the node has done it, and the ledger hears of it', async () => {
    const world = await World.enrolled()
    const serverId = newServerId()
    const id = newOperationId()
    await world.push(desired(serverId, 1))
    const agent = await world.connect()
    await world.push(desired(serverId, 2, { power: running }), { id, kind: 'start' })
    await until(() => agent.of('desired').at(-1)?.server.generation === 2, 'the change')
    await evictDurableObject(world.stub, { webSockets: 'hibernate' })
    agent.say({
      type: 'observed',
      observed: observed(serverId, 'running', { generation: 2, startNo: 1 }),
    })

    await until(() => world.ledger.statesOf(id).at(-1) === 'succeeded', 'its end')
  })

  test('[D3] a removed server is reported and everything kept of it goes', async () => {
    const world = await World.enrolled()
    const serverId = newServerId()
    const id = newOperationId()
    await world.push(desired(serverId, 1))
    const agent = await world.connect()
    await world.push(desired(serverId, 2, { removed: true }), { id, kind: 'delete' })
    agent.say({ type: 'observed', observed: observed(serverId, 'removed', { generation: 2 }) })
    await until(() => world.ledger.of('server.removed')[0], 'server.removed')
    await until(() => world.ledger.statesOf(id).at(-1) === 'succeeded', 'its end')
    await evictDurableObject(world.stub)

    const next = await world.connect({ desiredDigest: desiredDigest([]) })

    await next.next('watch')
    expect(next.of('desired')).toEqual([])
  })
})

describe('pulling', () => {
  test('[L3] a hello makes the object pull what no push brought', async () => {
    const world = await World.enrolled()
    const server = desired(newServerId())
    world.ledger.servers = [{ revision: 5, server, waiting: null }]

    const agent = await world.connect()

    expect(await agent.next('desired')).toMatchObject({ server })
    expect(world.ledger.pulls).toEqual([0])
  })

  test('[L3] a hole makes the object pull from before it', async () => {
    const world = await World.enrolled()
    const [known, missed, newest] = [newServerId(), newServerId(), newServerId()].map((id) =>
      desired(id),
    )
    if (known === undefined || missed === undefined || newest === undefined) throw new Error()
    await world.push(known, null, 1)
    world.ledger.servers = [{ revision: 2, server: missed, waiting: null }]
    world.ledger.revision = 3
    await world.push(newest, null, 3)
    await until(() => world.ledger.pulls.length === 1, 'a pull')

    const agent = await world.connect()

    await until(() => agent.of('desired').length === 3, 'all three')
    expect(world.ledger.pulls).toEqual([1, 3])
  })

  test('[L3] a pull that fails does not block the hello, and is tried again', async () => {
    const world = await World.enrolled()
    const server = desired(newServerId())
    const waiting = { id: newOperationId(), kind: 'update', actor } as const
    world.ledger.servers = [{ revision: 1, server, waiting }]
    world.ledger.mood = 'down'
    const agent = await world.connect()
    await until(() => world.ledger.pulls.length === 1, 'a pull')
    world.ledger.mood = 'well'

    await passAndRing(world, 1500)

    expect(await agent.next('desired')).toMatchObject({ server })
    agent.say({ type: 'observed', observed: observed(server.serverId, 'stopped') })
    await until(() => world.ledger.statesOf(waiting.id).at(-1) === 'succeeded', 'the update')
  })

  test('[L3] a look at the link pulls too', async () => {
    const world = await World.enrolled()
    const agent = await world.connect()
    await until(() => world.ledger.pulls.length === 1, 'the pull of the hello')
    const server = desired(newServerId())
    world.ledger.servers = [{ revision: 1, server, waiting: null }]

    pass(4000)
    agent.say({ type: 'observed_end' })
    await until(async () => (await world.stub.link(world.nodeId)).ok, 'the object to hear it')
    await passAndRing(world, 2001)

    expect(await agent.next('desired')).toMatchObject({ server })
  })

  test('[L3] a command does not overtake the server that it is for', async () => {
    const world = await World.enrolled()
    const server = desired(newServerId())
    const agent = await world.connect()
    await until(() => world.ledger.pulls.length === 1, 'the pull of the hello')
    world.ledger.servers = [{ revision: 1, server, waiting: null }]

    value(await world.stub.submit(world.nodeId, installOrder(server.serverId)))

    await agent.next('command')
    const types = agent.frames.map((frame) => frame.type)
    expect(types.indexOf('desired')).toBeGreaterThan(0)
    expect(types.indexOf('desired')).toBeLessThan(types.indexOf('command'))
  })
})
