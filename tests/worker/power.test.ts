import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { servers } from '../../contract/api/servers.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { servers as rows } from '../../worker/db/schema/servers.ts'
import { createWorld } from '../support/world.ts'
import type { ServerChange } from '../support/world-rows.ts'

async function aServer(change: ServerChange = {}) {
  const w = await createWorld()
  const owner = await w.user()
  const server = await w.addServer({ ownerId: owner.id, ...change })
  return { w, owner, server, serverId: server.id, object: w.node(server.nodeId) }
}

const running = {
  ...({ state: 'running', wanted: 'running' } as const),
  ...{ startNo: 1, lastStartNo: 1, observedStartNo: 1 },
}

describe('a power click', () => {
  test('[D1] [L3] is a new generation that its operation waits for', async () => {
    const { w, owner, serverId, object } = await aServer()

    const { operationId } = await owner.call(servers.start, { serverId })

    expect(object.pushes).toHaveLength(1)
    expect(object.pushes[0]).toMatchObject({
      revision: 1,
      server: { generation: 2, power: { wanted: 'running', startNo: 1, how: 'stop' } },
      waiting: { id: operationId, kind: 'start', actor: { id: owner.id } },
    })
    expect(object.orders).toEqual([])
    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ state: 'queued', generation: 2, actorName: owner.name })
  })

  test('[D1] supersedes the one before it', async () => {
    const { w, owner, serverId, object } = await aServer()

    await owner.call(servers.start, { serverId })
    await owner.call(servers.start, { serverId })
    await owner.call(servers.stop, { serverId })

    const states = await w.deps.db.select().from(operations).orderBy(operations.generation)
    expect(states.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'server.start superseded',
      'server.start superseded',
      'server.stop queued',
    ])
    expect(object.pushes.map(({ server }) => server.power.startNo)).toEqual([1, 1, 1])
    expect(object.pushes.map(({ revision }) => revision)).toEqual([1, 2, 3])
  })

  test('is refused with the reason when the state does not allow it', async () => {
    const { owner, serverId, object } = await aServer()

    const failure = await owner.fails(servers.kill, { serverId })

    expect(failure).toMatchObject({ status: 409, code: 'wrong_state' })
    expect(failure.error).toMatch(/^It is stopped: killing works when/)
    expect(object.pushes).toEqual([])
  })

  test('is accepted while the node is away, and told when it can be', async () => {
    const { w, owner, serverId, object } = await aServer()
    object.broken = new Error('away')

    const { operationId } = await owner.call(servers.start, { serverId })

    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ id: operationId, state: 'submitting' })
  })

  test('of 20 that race, each is a generation of its own, and one is left open', async () => {
    const { w, owner, serverId } = await aServer(running)

    await Promise.all(Array.from({ length: 20 }, () => owner.call(servers.restart, { serverId })))

    const [row] = await w.deps.db.select().from(rows).where(eq(rows.id, serverId))
    const open = await w.deps.db.select().from(operations).where(eq(operations.state, 'queued'))
    expect(row).toMatchObject({ generation: 21, startNo: 2 })
    expect(open).toHaveLength(1)
    expect(open[0]?.generation).toBe(21)
  })

  test('does not start what its template no longer lets start, but stops it', async () => {
    const { w, owner, server, serverId, object } = await aServer(running)
    const { templateId } = server
    const { id: broken } = await w.addTemplate({ startup: './game {{GONE}}' })
    const use = (id: typeof templateId) =>
      w.deps.db.update(rows).set({ templateId: id }).where(eq(rows.id, serverId))
    await use(broken)

    const failure = await owner.fails(servers.restart, { serverId })
    await owner.call(servers.stop, { serverId })

    expect(failure).toMatchObject({ code: 'invalid_input' })
    expect(failure.details).toMatchObject([{ path: ['environment', 'GONE'] }])
    expect(object.pushes[0]?.server.power.wanted).toBe('stopped')
  })
})

describe('a console line', () => {
  test('waits for its node no longer than its rule says', async () => {
    const { w, owner, serverId, object } = await aServer(running)

    const { operationId } = await owner.call(servers.command, { serverId, command: 'say hi' })

    const deadline = w.clock.now() + 10 * 60_000
    expect(object.orders).toMatchObject([{ id: operationId, deadline }])
    expect(object.orders[0]?.command).toEqual({ type: 'console.input', serverId, line: 'say hi' })
    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ subject: 'say hi', expiresAt: deadline })
  })

  test('is refused when the server is not running, also by the last state of a node that is away', async () => {
    const { owner, serverId } = await aServer()

    const failure = await owner.fails(servers.command, { serverId, command: 'say hi' })

    expect(failure.code).toBe('wrong_state')
  })

  test('[Q11] is refused for good when too many wait already', async () => {
    const { w, owner, serverId, object } = await aServer(running)
    object.refuseOrders = 'queue_full'

    const failure = await owner.fails(servers.command, { serverId, command: 'say hi' })

    expect(failure).toMatchObject({ status: 429, code: 'queue_full' })
    const [row] = await w.deps.db.select().from(operations)
    expect(row).toMatchObject({ state: 'failed', code: 'queue_full' })
    expect(row?.endedAt).not.toBeNull()
  })
})

describe('installing again', () => {
  test('tells the node of the template as it is now, and then installs', async () => {
    const { w, owner, serverId, object } = await aServer()

    await owner.call(servers.install, { serverId, wipe: true })

    expect(object.pushes[0]?.server.generation).toBe(2)
    expect(object.orders[0]?.command).toEqual({ type: 'server.install', serverId, wipe: true })
    expect(w.logged).toEqual([])
  })

  test('needs no body, and then keeps the files', async () => {
    const { owner, serverId, object } = await aServer()

    const bare = await owner.send(`/api/servers/${serverId}/install`, { method: 'POST' })

    expect(bare.status).toBe(202)
    expect(object.orders[0]?.command).toMatchObject({ wipe: false })
  })

  test('is refused while the server runs', async () => {
    const { owner, serverId } = await aServer(running)

    expect((await owner.fails(servers.install, { serverId })).code).toBe('wrong_state')
  })

  test('is not asked for after a start that waits for the node, since it could not be done before it', async () => {
    const { owner, serverId } = await aServer()
    const { operationId } = await owner.call(servers.start, { serverId })

    expect(await owner.fails(servers.install, { serverId })).toMatchObject({
      code: 'wrong_state',
      details: { operationId },
    })
  })

  test('is not asked for again while one waits or runs', async () => {
    const { w, owner, serverId } = await aServer()
    const path = `/api/servers/${serverId}/install`
    const clicks = Array.from({ length: 10 }, () => owner.send(path, { method: 'POST' }))

    const statuses = (await Promise.all(clicks)).map(({ status }) => status)

    expect(statuses.toSorted()).toEqual([202, ...Array(9).fill(409)])
    const [open] = await w.deps.db.select().from(operations)
    expect(await owner.fails(servers.install, { serverId })).toMatchObject({
      code: 'wrong_state',
      details: { operationId: open?.id },
    })
  })
})
