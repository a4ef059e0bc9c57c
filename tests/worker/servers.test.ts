import { describe, expect, test } from 'vitest'
import { servers } from '../../contract/api/servers.ts'
import { TemplateVariable } from '../../contract/api/template-fields.ts'
import { createWorld } from '../support/world.ts'

describe('the list of servers', () => {
  test('shows everybody their own, and all of them to whoever may read all', async () => {
    const w = await createWorld()
    const [ann, bob, admin] = [await w.user(), await w.user(), await w.admin()]
    await w.addServer({ ownerId: ann.id, name: 'Ann’s' })
    await w.addServer({ ownerId: bob.id, name: 'Bob’s' })

    const names = async (person: typeof ann) =>
      (await person.page(servers.list, {})).items.map(({ name }) => name)

    expect(await names(ann)).toEqual(['Ann’s'])
    expect(await names(bob)).toEqual(['Bob’s'])
    expect((await names(admin)).sort()).toEqual(['Ann’s', 'Bob’s'])
  })

  test('is filtered by name, node and status, and cut into pages', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: nodeId } = await w.addNode()
    const make = async (name: string, change: object = {}) => {
      w.clock.advance(1)
      await w.addServer({ ownerId: owner.id, name, ...change })
    }
    await make('Alpha 100%', { state: 'running', nodeId })
    await make('alphabet', { removed: true })
    await make('Beta', { suspendedAt: 1, state: 'running' })
    const found = async (query: object) =>
      (await owner.page(servers.list, query)).items.map(({ name }) => name)

    expect(await found({})).toEqual(['Beta', 'alphabet', 'Alpha 100%'])
    expect(await found({ search: 'ALPHA' })).toEqual(['alphabet', 'Alpha 100%'])
    expect(await found({ search: '%' })).toEqual(['Alpha 100%'])
    expect(await found({ nodeId })).toEqual(['Alpha 100%'])
    expect(await found({ status: 'running' })).toEqual(['Alpha 100%'])
    expect(await found({ status: 'suspended' })).toEqual(['Beta'])
    expect(await found({ status: 'deleting' })).toEqual(['alphabet'])
    expect(await found({ limit: 2, page: 2 })).toEqual(['Alpha 100%'])
    const { pagination } = await owner.page(servers.list, { limit: 2, page: 2 })
    expect(pagination).toEqual({ page: 2, limit: 2, total: 3, totalPages: 2 })
  })

  test('tells what was last seen, and since when the node is away', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const since = w.clock.now()
    const { id: nodeId } = await w.addNode({ online: false, offlineSince: since })
    const exit = {
      ...{ startNo: 1, code: 137, signal: null, oom: true, expected: false, uptimeMs: 5 },
      at: new Date(since).toISOString(),
    }
    await w.addServer({ ownerId: owner.id, nodeId, state: 'crashed', lastExit: exit, port: 5000 })

    const [server] = (await owner.page(servers.list, {})).items

    expect(server).toMatchObject({
      status: 'crashed',
      nodeStatus: 'offline',
      nodeOfflineSince: new Date(since).toISOString(),
      lastExit: { code: 137, oom: true },
      primaryPort: 5000,
      portBindings: { 5000: 5000 },
      connection: { host: 'node.example.org', port: 5000 },
    })
  })
})

describe('changing a server', () => {
  test('replaces its variables, and tells the node without an operation', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const names = ['A', 'B'].map((name) => TemplateVariable.parse({ name }))
    const { id: templateId } = await w.addTemplate({ variables: names })
    const environment = { A: '1' }
    const server = await w.addServer({ ownerId: owner.id, templateId, environment })
    const serverId = server.id

    const after = await owner.call(servers.update, { serverId, environment: { B: '2' } })
    const wrong = await owner.fails(servers.update, { serverId, environment: { C: '3' } })

    expect(after).toMatchObject({ environment: { B: '2' }, name: server.name, pending: true })
    const [push, ...more] = w.node(server.nodeId).pushes
    expect(push).toMatchObject({ revision: 1, waiting: null })
    expect(push?.server.spec.environment).toMatchObject({ A: '', B: '2' })
    expect(more).toEqual([])
    expect(wrong.details).toMatchObject([{ path: ['environment', 'C'] }])
  })

  test('gives it more only where its node has more, and less always', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: nodeId } = await w.addNode({ maxMemoryMb: 1024 })
    const { id: serverId } = await w.addServer({ nodeId })
    await w.addServer({ nodeId, allocatedMemoryMb: 600 })

    const more = await admin.fails(servers.resize, { serverId, allocatedMemoryMb: 513 })
    const less = await admin.call(servers.resize, { serverId, allocatedMemoryMb: 500 })

    expect(more).toMatchObject({
      code: 'no_node_fits',
      details: { nodes: [{ freeMemoryMb: 424 }] },
    })
    expect(less.allocatedMemoryMb).toBe(500)
    expect(w.node(nodeId).pushes[0]?.server.spec.limits.memoryMb).toBe(500)
  })

  test('is its owner’s, and its limits are not', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId } = await w.addServer({ ownerId: owner.id })

    const detail = await owner.call(servers.get, { serverId })

    expect(detail.permissions).toContain('server.update')
    expect(detail.permissions).not.toContain('server.resize')
    expect(await owner.fails(servers.resize, { serverId, allocatedMemoryMb: 9 })).toMatchObject({
      code: 'forbidden',
    })
  })
})

describe('the console', () => {
  const line = { seq: 7, at: '2026-11-24T12:00:00.000Z', stream: 'stdout', text: 'hello' } as const

  test('is read from the object, and further back from the node', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
    w.node(nodeId).answers.consoleTail = [line]
    w.node(nodeId).answers.consoleHistory = [{ ...line, seq: 6 }]

    const newest = await owner.call(servers.logs, { serverId, lines: 5 })
    const older = await owner.call(servers.logs, { serverId, before: 7 })

    expect(newest).toMatchObject({ count: 1, requestedLines: 5 })
    expect(newest.logs[0]).toEqual({ ...line, data: 'hello', timestamp: line.at })
    expect(older.logs[0]?.seq).toBe(6)
  })

  test('of a broken object is an error that says so, and never 500', async () => {
    const w = await createWorld()
    const owner = await w.user()
    const { id: serverId, nodeId } = await w.addServer({ ownerId: owner.id })
    w.node(nodeId).broken = new Error('away')

    expect(await owner.fails(servers.logs, { serverId })).toMatchObject({
      status: 503,
      code: 'node_unavailable',
    })
    expect((await owner.fails(servers.stats, { serverId })).code).toBe('node_unavailable')
  })
})
