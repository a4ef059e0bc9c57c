import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { operations as operationEndpoints } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { TemplateVariable } from '../../contract/api/template-fields.ts'
import type { NodeId, TemplateId } from '../../contract/ids.ts'
import { auditLog, operations } from '../../worker/db/schema/activity.ts'
import { nodes } from '../../worker/db/schema/fleet.ts'
import { allocations, servers as rows } from '../../worker/db/schema/servers.ts'
import { rankNodes } from '../../worker/services/servers/room.ts'
import { createWorld } from '../support/world.ts'

const limits = { allocatedMemoryMb: 512, allocatedCpuCores: 1, allocatedDiskMb: 1024 }

async function aFleet() {
  const w = await createWorld()
  const admin = await w.admin()
  const node = await w.addNode()
  const template = await w.addTemplate()
  const body = { name: 'One', templateId: template.id, nodeId: node.id, ...limits }
  return { w, admin, node, template, body, object: w.node(node.id) }
}

function required(name: string) {
  return TemplateVariable.parse({ name, required: true })
}

describe('a new server', () => {
  test('is its maker’s, has its port for both protocols, and its node is told before it installs', async () => {
    const { w, admin, body, object } = await aFleet()

    const server = await admin.call(servers.create, body)

    expect(server).toMatchObject({ ownerId: admin.id, primaryPort: 3979, status: 'not_installed' })
    expect(server.portBindings).toEqual({ 3979: 3979 })
    expect(server.startupPreview).toBe('./game --port 3979')
    const [push] = object.pushes
    expect(push).toMatchObject({ revision: 1, waiting: null })
    expect(push?.server).toMatchObject({ generation: 1, power: { wanted: 'stopped', startNo: 0 } })
    expect(push?.server.spec.ports.map(({ protocol }) => protocol)).toEqual(['tcp', 'udp'])
    expect(object.orders).toEqual([
      {
        id: server.operationId,
        command: { type: 'server.install', serverId: server.id, wipe: false },
        deadline: null,
        actor: { kind: 'user', id: admin.id, name: admin.name },
      },
    ])
    const operationId = server.operationId as never // the contract tells it as a plain uuid
    const operation = await admin.call(operationEndpoints.list, {}).catch(() => null)
    expect(operation).toHaveLength(1)
    object.answers.commandLog = ['pulling']
    expect(await admin.call(operationEndpoints.get, { operationId })).toMatchObject({
      kind: 'server.install',
      state: 'queued',
      log: ['pulling'],
    })
    expect(w.logged).toEqual([])
  })

  test('[Q1] is there also when its node cannot be told, and stays to be told', async () => {
    const { w, admin, body, object } = await aFleet()
    object.broken = new Error('away')

    const server = await admin.call(servers.create, body)

    const [operation] = await w.deps.db.select().from(operations)
    expect(operation).toMatchObject({ id: server.operationId, state: 'submitting' })
    expect(w.logged.join()).toContain('node_not_told')
  })

  test('keeps the values of its variables out of the audit log', async () => {
    const { w, admin, body } = await aFleet()
    const { id: templateId } = await w.addTemplate({ variables: [required('RCON')] })

    await admin.call(servers.create, { ...body, templateId, environment: { RCON: 'sesame' } })

    const entries = JSON.stringify(await w.deps.db.select().from(auditLog))
    expect(entries).toContain('server.create')
    expect(entries).not.toContain('sesame')
    expect(w.logged.join()).not.toContain('sesame')
  })

  test('needs its required variables, and has no others', async () => {
    const { w, admin, body } = await aFleet()
    const { id: templateId } = await w.addTemplate({ variables: [required('KEY')] })

    const environment = { WRONG: '1' }
    const failure = await admin.fails(servers.create, { ...body, templateId, environment })

    expect(failure.code).toBe('invalid_input')
    expect(failure.details).toEqual([
      { path: ['environment', 'WRONG'], message: 'The template has no such variable.' },
      { path: ['environment', 'KEY'], message: 'A value is required.' },
    ])
    expect(await w.deps.db.select().from(rows)).toEqual([])
  })

  test.each([
    ['templateId', { templateId: '01900000-0000-7000-8000-00000000dead' as TemplateId }],
    ['nodeId', { nodeId: '01900000-0000-7000-8000-00000000dead' as NodeId }],
    ['ownerId', { ownerId: '01900000-0000-7000-8000-00000000dead' as never }],
  ])('names %s when it does not exist', async (field, change) => {
    const { admin, body } = await aFleet()

    const failure = await admin.fails(servers.create, { ...body, ...change })

    expect(failure).toMatchObject({ code: 'invalid_input', details: [{ path: [field] }] })
  })

  test('that a script makes needs an owner', async () => {
    const { w, admin, body } = await aFleet()

    expect(await w.operator.fails(servers.create, body)).toMatchObject({ code: 'invalid_input' })
    const made = await w.operator.call(servers.create, { ...body, ownerId: admin.id })
    expect(made.ownerName).toBe(admin.name)
  })
})

describe('its port', () => {
  test('is the one that was asked for, or none at all', async () => {
    const { w, admin, body } = await aFleet()

    const server = await admin.call(servers.create, { ...body, primaryPort: 5000 })
    const failure = await admin.fails(servers.create, { ...body, primaryPort: 5000 })

    expect(server.primaryPort).toBe(5000)
    expect(failure).toMatchObject({ status: 409, code: 'port_taken', details: { port: 5000 } })
    expect(await w.deps.db.select().from(rows)).toHaveLength(1)
    expect(await w.deps.db.select().from(allocations)).toHaveLength(1)
  })

  test('is the game’s usual one, then the lowest free one of the node’s range, then none', async () => {
    const { w, admin, body, node } = await aFleet()
    const range = { portFrom: 4000, portTo: 4002 }
    await w.deps.db.update(nodes).set(range).where(eq(nodes.id, node.id))
    await admin.call(servers.create, { ...body, primaryPort: 4001 })

    const ports = []
    for (let made = 0; made < 3; made += 1) {
      ports.push((await admin.call(servers.create, body)).primaryPort)
    }
    const failure = await admin.fails(servers.create, body)

    expect(ports).toEqual([3979, 4000, 4002])
    expect(failure.code).toBe('no_free_port')
  })

  test('on another node is another port', async () => {
    const { w, admin, body } = await aFleet()
    const other = await w.addNode()
    await admin.call(servers.create, body)

    const server = await admin.call(servers.create, { ...body, nodeId: other.id })

    expect(server.primaryPort).toBe(3979)
  })

  test('is not taken when one protocol of it is somebody else’s', async () => {
    const { w, admin, body, node } = await aFleet()
    await w.addServer({ nodeId: node.id, port: 5000 })
    await w.deps.db.update(allocations).set({ protocol: 'udp' })

    const failure = await admin.fails(servers.create, { ...body, primaryPort: 5000 })

    expect(failure.code).toBe('port_taken')
    expect(await w.deps.db.select().from(allocations)).toHaveLength(1)
  })

  test('[S6] of 60 requests that race for it, one has it', async () => {
    const { w, admin, body } = await aFleet()
    const race = (change: object) =>
      Array.from({ length: 60 }, () =>
        admin.send(servers.create.path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...body, allocatedMemoryMb: 16, ...change }),
        }),
      )

    const asked = (await Promise.all(race({ primaryPort: 5000 }))).map(({ status }) => status)

    expect(asked.filter((status) => status === 201)).toHaveLength(1)
    expect(asked.filter((status) => status === 409)).toHaveLength(59)
    expect(await w.deps.db.select().from(rows)).toHaveLength(1)
  })

  test('[S6] of requests that race for any, each has its own', async () => {
    const { w, admin, body } = await aFleet()
    const small = { ...body, allocatedMemoryMb: 16 }

    const made = await Promise.all(
      Array.from({ length: 30 }, () => admin.call(servers.create, small)),
    )

    expect(new Set(made.map(({ primaryPort }) => primaryPort)).size).toBe(30)
    const [node] = await w.deps.db.select({ revision: nodes.revision }).from(nodes)
    expect(node?.revision).toBe(30)
  })
})

describe('its node', () => {
  const room = { memoryMb: 512, cpuCores: 1, diskMb: 1024 }
  const candidate = (name: string, memoryMb: number | null, taken = 0, online = true) => ({
    id: name as NodeId,
    name,
    online,
    ...{ tags: [], maintenance: false },
    limit: { memoryMb, cpuCores: null, diskMb: null },
    taken: { memoryMb: taken, cpuCores: 0, diskMb: 0 },
  })

  test.each([
    ['the one with the most free memory', [candidate('a', 4096), candidate('b', 8192)], 'b'],
    ['what is taken counts', [candidate('a', 4096), candidate('b', 8192, 6000)], 'a'],
    ['one that is online first', [candidate('a', 1024), candidate('b', 8192, 0, false)], 'a'],
    ['none when nothing is left', [candidate('a', 4096, 3600)], undefined],
    ['one without a limit has most', [candidate('a', 8192), candidate('b', null)], 'b'],
    ['none of none', [], undefined],
  ])('is %s', (_sentence, candidates, expected) => {
    expect(rankNodes(candidates, room)[0]?.name).toBe(expected)
  })

  test('is refused where it would be overcommitted, with what is left', async () => {
    const { w, admin, body, node } = await aFleet()
    const max = { maxMemoryMb: 1000, maxCpuCores: 1.5 }
    await w.deps.db.update(nodes).set(max).where(eq(nodes.id, node.id))
    await admin.call(servers.create, body)

    const { nodeId: _, ...anywhere } = { ...body, allocatedMemoryMb: 400 }
    const cores = await admin.fails(servers.create, anywhere)
    const half = { ...anywhere, allocatedCpuCores: 0.5 }
    await admin.call(servers.create, half)
    const memory = await admin.fails(servers.create, half)

    const left = { nodeId: node.id, name: node.name, freeMemoryMb: 488, freeCpuCores: 0.5 }
    expect(cores).toMatchObject({ code: 'no_node_fits', details: { nodes: [left] } })
    expect(memory.code).toBe('no_node_fits')
  })

  test('[S6] is not overcommitted by requests that race', async () => {
    const { w, admin, body, node } = await aFleet()
    await w.deps.db.update(nodes).set({ maxMemoryMb: 1600 }).where(eq(nodes.id, node.id))

    const racing = Array.from({ length: 20 }, () =>
      admin.send(servers.create.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
    const statuses = (await Promise.all(racing)).map(({ status }) => status)

    expect(statuses.filter((status) => status === 201)).toHaveLength(3)
  })

  test('may be one that is still to come, when it is named', async () => {
    const { w, admin, body } = await aFleet()
    const pending = { enrolledAt: null, publicKey: null, online: false, host: null, runtime: null }
    const node = await w.addNode(pending)

    const made = await admin.call(servers.create, { ...body, nodeId: node.id })

    expect(made.nodeStatus).toBe('pending')
  })
})
