import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { allocations } from '../../contract/api/allocations.ts'
import { servers } from '../../contract/api/servers.ts'
import { allocations as rows, servers as serverRows } from '../../worker/db/schema/servers.ts'
import { eventOf, listen } from '../support/event-reader.ts'
import { createWorld } from '../support/world.ts'
import { sharedServer } from './shared-server.ts'

async function aFleet() {
  const w = await createWorld()
  const admin = await w.admin()
  const node = await w.addNode()
  const template = await w.addTemplate()
  const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 }
  const body = { name: 'One', templateId: template.id, nodeId: node.id, ...limits }
  return { w, admin, body, object: w.node(node.id) }
}

describe('a new server', () => {
  test('has all the ports that are asked for, the first of them primary', async () => {
    const { admin, body, object } = await aFleet()

    const server = await admin.call(servers.create, {
      ...body,
      allocations: [
        { containerPort: 7777 },
        { hostPort: 20_000, protocol: 'udp', variable: 'QUERY_PORT', notes: 'queries' },
        { ip: '::', hostPort: 5001, protocol: 'tcp' },
      ],
    })

    // The named 20000 is passed over by the one that is chosen.
    expect(server).toMatchObject({ primaryPort: 20_001, pending: true })
    expect(server.portBindings).toEqual({ 7777: 20_001, 20000: 20_000, 5001: 5001 })
    const spec = object.pushes.at(-1)?.server.spec
    expect(spec?.ports).toHaveLength(4)
    expect(spec?.environment).toMatchObject({ SERVER_PORT: '7777', QUERY_PORT: '20000' })
    const list = await admin.call(allocations.list, { serverId: server.id })
    expect(list.map(({ ip, isPrimary }) => [ip, isPrimary])).toEqual([
      ['0.0.0.0', true],
      ['::', false],
      ['0.0.0.0', false],
    ])
  })

  test.each([
    ['the one whose host port it is', { 7777: 5000, 7778: 5001 }, 5001, 5001],
    ['the one whose container port it is', { 7777: 5000, 7778: 5001 }, 7778, 5001],
    ['the first, where none is named', { 7777: 5000, 7778: 5001 }, undefined, 5000],
    ['one more, where it is none of them', { 7777: 5000 }, 6000, 6000],
  ])(
    'takes the original’s portBindings; primary is %s',
    async (_what, portBindings, primaryPort, expected) => {
      const { admin, body } = await aFleet()
      const given = primaryPort === undefined ? {} : { primaryPort }

      const server = await admin.call(servers.create, { ...body, portBindings, ...given })

      expect(server.primaryPort).toBe(expected)
      expect(server.portBindings).toMatchObject(portBindings)
    },
  )

  test('is not made when one of its ports is taken, and leaves none of the others', async () => {
    const { w, admin, body } = await aFleet()
    await admin.call(servers.create, { ...body, primaryPort: 5002 })

    const portBindings = { 7777: 5000, 7778: 5002 }
    const failure = await admin.fails(servers.create, { ...body, portBindings })

    expect(failure).toMatchObject({ code: 'port_taken', details: { port: 5002 } })
    expect(await w.deps.db.select().from(rows)).toHaveLength(1)
  })

  test('is asked for in one way only, with ports that exist', async () => {
    const { admin, body } = await aFleet()
    const one = { hostPort: 5000 }
    const wrong = [
      { allocations: [one], portBindings: { 7777: 5001 } },
      { allocations: [one], primaryPort: 5000 },
      { allocations: [] },
      { allocations: [{ ...one, isPrimary: true }, { isPrimary: true }] },
      { allocations: [{ ...one, ip: 'node.example.org' }] },
      { portBindings: { 99999: 5000 } },
      { portBindings: { 7777: 80 } },
    ]

    for (const ports of wrong) {
      const failure = await admin.fails(servers.create, { ...body, ...ports })
      expect(failure.code, JSON.stringify(ports)).toBe('invalid_input')
    }
  })
})

describe('changing a server', () => {
  async function withPorts() {
    const shared = await sharedServer()
    const { w, owner, serverId } = shared
    const limit = { allocationLimit: 3 }
    await w.deps.db.update(serverRows).set(limit).where(eq(serverRows.id, serverId))
    await w.deps.db.update(rows).set({ port: 21_000, containerPort: 21_000 })
    await owner.call(allocations.create, {
      serverId,
      ...{ hostPort: 22_000, containerPort: 7777, protocol: 'udp', notes: 'queries' },
    })
    const list = () => owner.call(allocations.list, { serverId })
    return { ...shared, list }
  }

  test('to the ports that it shows changes nothing of them', async () => {
    const { owner, serverId, list } = await withPorts()
    const before = await list()
    const { portBindings, primaryPort } = await owner.call(servers.get, { serverId })

    await owner.call(servers.update, { serverId, portBindings, primaryPort: primaryPort ?? 0 })

    expect(await list()).toEqual(before)
  })

  test('replaces its ports as a whole, and keeps those that are asked for again', async () => {
    const { owner, serverId, list } = await withPorts()
    const [, query] = await list()

    const after = await owner.call(servers.update, {
      serverId,
      allocations: [
        { hostPort: 23_000 },
        { hostPort: 22_000, containerPort: 7777, protocol: 'udp', notes: 'for queries' },
      ],
    })

    expect(after).toMatchObject({ primaryPort: 23_000, pending: true })
    expect(await list()).toMatchObject([
      { hostPort: 23_000, isPrimary: true },
      { id: query?.id, hostPort: 22_000, isPrimary: false, notes: 'for queries' },
    ])
  })

  test('may swap what its ports say of variables', async () => {
    const { owner, serverId, list } = await withPorts()
    const ports = (one: string, two: string) => ({
      serverId,
      allocations: [
        { hostPort: 23_000, variable: one },
        { hostPort: 23_001, variable: two },
      ],
    })
    await owner.call(servers.update, ports('ONE', 'TWO'))

    await owner.call(servers.update, ports('TWO', 'ONE'))
    const twice = await owner.fails(servers.update, ports('ONE', 'ONE'))

    expect((await list()).map(({ variable }) => variable)).toEqual(['TWO', 'ONE'])
    expect(twice.code).toBe('invalid_input')
  })

  test('moves the primary port alone, or makes that of another port primary', async () => {
    const { owner, serverId, list } = await withPorts()

    await owner.call(servers.update, { serverId, primaryPort: 23_000 })
    const moved = await list()
    await owner.call(servers.update, { serverId, primaryPort: 22_000 })

    expect(moved).toMatchObject([
      { hostPort: 23_000, containerPort: 23_000, isPrimary: true },
      { hostPort: 22_000, containerPort: 7777 },
    ])
    expect(await list()).toMatchObject([
      { hostPort: 22_000, isPrimary: true },
      { hostPort: 23_000, isPrimary: false },
    ])
  })

  test('to ports that it may not have changes nothing', async () => {
    const { owner, serverId, list } = await withPorts()
    const before = await list()
    const tooMany = { 1: 24_001, 2: 24_002, 3: 24_003, 4: 24_004 }

    const failures = [
      await owner.fails(servers.update, { serverId, primaryPort: 5000 }),
      await owner.fails(servers.update, { serverId, portBindings: tooMany }),
    ]

    expect(failures.map(({ code }) => code)).toEqual(['port_not_offered', 'limit_reached'])
    expect(await list()).toEqual(before)
  })

  test('needs the rights to its ports where it gives any', async () => {
    const { serverId, subUser } = await withPorts()
    const guest = await subUser('server.update', 'allocation.create', 'allocation.update')

    const failure = await guest.fails(servers.update, { serverId, primaryPort: 23_000 })
    await guest.call(servers.update, { serverId, name: 'Other' })

    expect(failure.code).toBe('forbidden')
  })

  test('of its ports is told in its event', async () => {
    const { owner, serverId } = await withPorts()
    const reader = await listen(owner)
    await reader.block()

    await owner.call(allocations.create, { serverId, hostPort: 23_000 })

    const event = await eventOf(reader, 'server')
    expect(event).toMatchObject({ server: { portBindings: { 7777: 22_000, 23000: 23_000 } } })
  })
})
