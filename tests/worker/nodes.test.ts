import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { agents } from '../../contract/api/agents.ts'
import { nodes as endpoints, locations } from '../../contract/api/nodes.ts'
import { joinTokens, nodes } from '../../worker/db/schema/fleet.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createWorld, type World } from '../support/world.ts'

const key = `${'k'.repeat(43)}=`
const machine = { publicKey: key, machineId: 'machine-0001' }

async function aPendingNode(w: World) {
  const admin = await w.admin()
  const node = await admin.call(endpoints.create, { name: 'One', publicAddress: '192.0.2.1' })
  return { admin, node, nodeId: node.id, object: w.node(node.id) }
}

describe('a new node', () => {
  test('waits for its agent, in the first location', async () => {
    const w = await createWorld()
    const { node } = await aPendingNode(w)

    expect(node).toMatchObject({
      status: 'pending',
      enrolled: false,
      locationName: 'Default',
      portFrom: 20_000,
      portTo: 29_999,
      maxMemoryMb: null,
    })
  })

  test('has a name of its own, a port range that goes up, and a location that exists', async () => {
    const w = await createWorld()
    const { admin } = await aPendingNode(w)
    const two = { name: 'Two', publicAddress: '192.0.2.2' }

    const failures = [
      await admin.fails(endpoints.create, { ...two, name: 'One' }),
      await admin.fails(endpoints.create, { ...two, portFrom: 3000, portTo: 2000 }),
      await admin.fails(endpoints.create, { ...two, locationId: admin.id as never }),
    ]

    expect(failures.map(({ code }) => code)).toEqual([
      'name_taken',
      'invalid_input',
      'invalid_input',
    ])
    expect(failures[1]?.details).toMatchObject([{ path: ['portTo'] }])
  })
})

describe('[N1] a join token', () => {
  test('lets one agent in, once, and its object is told the key', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    const { token, command } = await admin.call(endpoints.makeJoinToken, { nodeId })

    const joined = await w.anonymous.call(agents.enroll, { token, ...machine })

    expect(command).toBe(
      `curl -fsSL http://localhost/install.sh | sh -s -- --panel http://localhost --token ${token}`,
    )
    expect(joined).toEqual({ nodeId, nodeName: 'One' })
    expect(object.keys).toEqual([key])
    expect(await admin.call(endpoints.get, { nodeId })).toMatchObject({
      enrolled: true,
      status: 'offline',
    })
    const again = await w.anonymous.fails(agents.enroll, { token, ...machine })
    expect(again).toMatchObject({ status: 401, code: 'join_token_invalid' })
  })

  test('is good for 15 minutes and is stored as a hash', async () => {
    const w = await createWorld()
    const { admin, nodeId } = await aPendingNode(w)
    const { token } = await admin.call(endpoints.makeJoinToken, { nodeId })
    expect(JSON.stringify(await w.deps.db.select().from(joinTokens))).not.toContain(token)

    w.clock.advance(15 * 60_000)

    const late = await w.anonymous.fails(agents.enroll, { token, ...machine })
    expect(late.code).toBe('join_token_invalid')
  })

  test('of agents that race with it, lets in one', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    const { token } = await admin.call(endpoints.makeJoinToken, { nodeId })

    const racing = Array.from({ length: 20 }, () => {
      const body = JSON.stringify({ token, ...machine })
      const headers = { 'content-type': 'application/json' }
      return w.send(agents.enroll.path, { method: 'POST', body, headers })
    })
    const statuses = (await Promise.all(racing)).map(({ status }) => status)

    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(object.keys).toEqual([key])
  })
})

describe('a key', () => {
  test('that was thrown away is gone at once, with the join tokens made before', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    const { token } = await admin.call(endpoints.makeJoinToken, { nodeId })

    const node = await admin.call(endpoints.revoke, { nodeId })

    expect(node.enrolled).toBe(false)
    expect(object.keys).toEqual([null])
    const late = await w.anonymous.fails(agents.enroll, { token, ...machine })
    expect(late.code).toBe('join_token_invalid')
  })

  test('that the object could not be told is told by the watchdog', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    object.broken = new Error('the object is away')
    await admin.call(endpoints.revoke, { nodeId })
    expect(object.keys).toEqual([])

    object.broken = null
    await runWatchdog(w.deps)
    await runWatchdog(w.deps)

    expect(object.keys).toEqual([null])
  })
})

describe('a node', () => {
  test('with servers is not deleted, and one without is, with its object', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    const { id } = await w.addServer({ nodeId })

    const failure = await admin.fails(endpoints.delete, { nodeId })
    await w.rows.deleteServer(id)
    await admin.call(endpoints.delete, { nodeId })

    expect(failure).toMatchObject({ code: 'in_use', details: { servers: 1 } })
    expect(object.forgotten).toBe(true)
    expect((await admin.fails(endpoints.get, { nodeId })).code).toBe('not_found')
  })

  test('whose object could not be emptied is emptied by the watchdog', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    object.broken = new Error('the object is away')
    await admin.call(endpoints.delete, { nodeId })

    object.broken = null
    await runWatchdog(w.deps)

    expect(object.forgotten).toBe(true)
  })

  test('is adopted through its object, which clears the alert, or not at all', async () => {
    const w = await createWorld()
    const { admin, nodeId, object } = await aPendingNode(w)
    await w.deps.db.update(nodes).set({ alert: 'cloned' }).where(eq(nodes.id, nodeId))
    object.broken = new Error('the object is away')
    expect((await admin.fails(endpoints.adopt, { nodeId })).code).toBe('node_unavailable')

    object.broken = null
    const adopted = await admin.call(endpoints.adopt, { nodeId })

    expect(object.adoptions).toBe(1)
    expect(adopted.alert).toBeNull()
  })

  test('is changed in the fields that are given, and shows what is allocated on it', async () => {
    const w = await createWorld()
    const { admin, nodeId } = await aPendingNode(w)
    const server = await w.addServer({ nodeId, port: 21_000 })

    const node = await admin.call(endpoints.update, { nodeId, maxMemoryMb: 4096, description: 'x' })
    const ports = await admin.call(endpoints.allocations, { nodeId })

    expect(node).toMatchObject({ name: 'One', maxMemoryMb: 4096, description: 'x' })
    expect(node).toMatchObject({ serverCount: 1, allocatedMemoryMb: 512, allocatedCpuCores: 1 })
    const shared = { serverId: server.id, serverName: server.name, port: 21_000, isPrimary: true }
    expect(ports).toMatchObject([{ ...shared, protocol: 'both' }])
  })

  test.each([
    [{ online: true }, 'online'],
    [{ online: true, runtime: null }, 'degraded'],
    [{ online: false }, 'offline'],
    [{ online: false, enrolledAt: null, publicKey: null }, 'pending'],
  ] as const)('as %j is %s', async (change, status) => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: nodeId } = await w.addNode(change)

    expect((await admin.call(endpoints.get, { nodeId })).status).toBe(status)
  })
})

test('a location is renamed, and deleted once nothing stands in it', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  const { id: locationId } = await admin.call(locations.create, { name: 'Berlin' })
  const node = await w.addNode({ locationId })

  const full = await admin.fails(locations.delete, { locationId })
  const renamed = await admin.call(locations.update, { locationId, name: 'Bern' })
  await w.deps.db.delete(nodes).where(eq(nodes.id, node.id))
  await admin.call(locations.delete, { locationId })

  expect(full).toMatchObject({ code: 'in_use', details: { nodes: 1 } })
  expect(renamed).toMatchObject({ name: 'Bern', nodeCount: 1, description: null })
  expect(await admin.call(locations.list, {})).toEqual([])
})
