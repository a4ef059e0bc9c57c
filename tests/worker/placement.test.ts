import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { nodes as nodeEndpoints } from '../../contract/api/nodes.ts'
import { servers } from '../../contract/api/servers.ts'
import { nodes } from '../../worker/db/schema/fleet.ts'
import { createWorld } from '../support/world.ts'
import type { NodeChange } from '../support/world-rows.ts'

/** Two nodes, of which the first has more memory, and what a server is made of that names none. */
async function aFleet(first: NodeChange = {}, second: NodeChange = {}) {
  const w = await createWorld()
  const admin = await w.admin()
  const big = await w.addNode({ maxMemoryMb: 8192, ...first })
  const small = await w.addNode({ maxMemoryMb: 4096, ...second })
  const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 }
  const body = { name: 'One', templateId: (await w.addTemplate()).id, ...limits }
  return { w, admin, big, small, body }
}

describe('a server that names no node', () => {
  test('comes to the location and has the tags that it asks for', async () => {
    const { admin, big, small, body } = await aFleet({ tags: ['ssd'] }, { tags: ['ssd', 'eu'] })

    const anywhere = await admin.call(servers.create, body)
    const there = await admin.call(servers.create, { ...body, locationId: small.locationId })
    const tagged = await admin.call(servers.create, { ...body, tags: ['eu', 'ssd'] })
    const nowhere = await admin.fails(servers.create, { ...body, tags: ['gpu'] })

    expect([anywhere, there, tagged].map(({ nodeId }) => nodeId)).toEqual([
      big.id,
      small.id,
      small.id,
    ])
    expect(nowhere).toMatchObject({ code: 'no_node_fits', details: { nodes: [] } })
  })

  test('passes over a node that has not the ports, named ones or any', async () => {
    const { w, admin, big, small, body } = await aFleet({ portFrom: 20_000, portTo: 20_000 })
    await w.addServer({ nodeId: big.id, port: 5000 })

    const named = await admin.call(servers.create, { ...body, primaryPort: 5000 })
    const two = await admin.call(servers.create, {
      ...body,
      allocations: [{ hostPort: 6000 }, {}, {}],
    })
    const one = await admin.call(servers.create, { ...body, allocations: [{ hostPort: 6000 }, {}] })
    const none = await admin.fails(servers.create, { ...body, primaryPort: 5000 })

    expect(named.nodeId).toBe(small.id)
    expect(two.nodeId).toBe(small.id)
    expect(one.nodeId).toBe(big.id)
    expect(none).toMatchObject({ code: 'port_taken', details: { port: 5000, nodeId: big.id } })
  })

  test('passes over a node in maintenance, and nobody names that one either', async () => {
    const { admin, big, small, body } = await aFleet()
    await admin.call(nodeEndpoints.update, { nodeId: big.id, maintenance: true })

    const placed = await admin.call(servers.create, body)
    const named = await admin.fails(servers.create, { ...body, nodeId: big.id })
    await admin.call(servers.resize, { serverId: placed.id, allocatedMemoryMb: 600 })

    expect(placed.nodeId).toBe(small.id)
    expect(named).toMatchObject({ status: 409, code: 'node_in_maintenance' })
  })

  test('finds no room on disks that are given away', async () => {
    const { admin, body } = await aFleet({ maxDiskMb: 2000 }, { maxDiskMb: 1000 })
    await admin.call(servers.create, body)

    const failure = await admin.fails(servers.create, body)

    expect(failure.code).toBe('no_node_fits')
    expect(failure.details).toMatchObject({ nodes: [{ freeDiskMb: 976 }, { freeDiskMb: 1000 }] })
  })
})

describe('what a node is given over', () => {
  test.each([
    ['memory', { maxMemoryMb: 1000 }, { memoryOvercommit: 1.5 }, { allocatedMemoryMb: 1500 }],
    ['cpu', { maxCpuCores: 2 }, { cpuOvercommit: 1.1 }, { allocatedCpuCores: 2.2 }],
    ['disk', { maxDiskMb: 1000 }, { diskOvercommit: 2 }, { allocatedDiskMb: 2000 }],
  ])('is as much more of its %s as an administrator says', async (_kind, has, over, asked) => {
    const { w, admin, big, body } = await aFleet(has)
    const small = { allocatedMemoryMb: 16, allocatedCpuCores: 0.05, allocatedDiskMb: 16 }
    const wanted = { ...body, ...small, ...asked, nodeId: big.id }

    const before = await admin.fails(servers.create, wanted)
    await admin.call(nodeEndpoints.update, { nodeId: big.id, ...over })
    const made = await admin.call(servers.create, wanted)

    expect(before.code).toBe('no_node_fits')
    expect(made.nodeId).toBe(big.id)
    const more = await admin.fails(servers.resize, {
      serverId: made.id,
      ...Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, value + 1])),
    })
    expect(more.code).toBe('no_node_fits')
    const [node] = await w.deps.db.select().from(nodes).where(eq(nodes.id, big.id))
    expect(node).toMatchObject(over)
  })

  test('is refused below once, and tags that no placement could ask for', async () => {
    const { admin, big } = await aFleet()
    const wrong = [{ memoryOvercommit: 0.5 }, { tags: ['Not a tag'] }, { tags: ['eu', 'eu'] }]

    for (const change of wrong) {
      const failure = await admin.fails(nodeEndpoints.update, { nodeId: big.id, ...change })
      expect(failure.code, JSON.stringify(change)).toBe('invalid_input')
    }
  })
})
