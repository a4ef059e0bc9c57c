import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { operations as endpoints } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import type { OperationId } from '../../contract/ids.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { servers as rows } from '../../worker/db/schema/servers.ts'
import { createWorld } from '../support/world.ts'
import type { ServerChange } from '../support/world-rows.ts'

async function aServer(change: ServerChange = {}) {
  const w = await createWorld()
  const owner = await w.user()
  const server = await w.addServer({ ownerId: owner.id, ...change })
  const object = w.node(server.nodeId)
  const stateOf = async (id: OperationId) => {
    const [row] = await w.deps.db.select().from(operations).where(eq(operations.id, id))
    return row?.state
  }
  return { w, owner, serverId: server.id, object, stateOf }
}

const running = {
  ...({ state: 'running', wanted: 'running' } as const),
  ...{ startNo: 1, lastStartNo: 1, observedStartNo: 1 },
}

describe('operations', () => {
  test('are seen by the owner, by whoever began them, and by admins', async () => {
    const { w, owner, serverId } = await aServer()
    const [admin, stranger] = [await w.admin(), await w.user()]

    const { operationId: id } = await admin.call(servers.start, { serverId })

    for (const person of [owner, admin]) {
      expect((await person.page(endpoints.list, { state: 'open' })).items).toMatchObject([{ id }])
      expect((await person.page(endpoints.list, { state: 'finished' })).items).toEqual([])
    }
    expect((await stranger.page(endpoints.list, {})).pagination.total).toBe(0)
    const ofServer = await owner.page(endpoints.listOfServer, { serverId })
    expect(ofServer.items).toMatchObject([{ id, actorName: admin.name, nodeOnline: true }])
  })

  test('show the log that libSQL has while their object does not answer', async () => {
    const { w, owner, serverId, object } = await aServer()
    const { operationId } = await owner.call(servers.install, { serverId })
    await w.deps.db.update(operations).set({ log: ['pulling'] })

    object.broken = new Error('away')
    const detail = await owner.call(endpoints.get, { operationId: operationId })

    expect(detail.log).toEqual(['pulling'])
  })
})

describe('cancelling', () => {
  test('[D1] a click that waits wants back what is there', async () => {
    const { owner, serverId, object, stateOf } = await aServer(running)
    const { operationId } = await owner.call(servers.restart, { serverId })

    await owner.call(endpoints.cancel, { operationId: operationId })

    expect(await stateOf(operationId)).toBe('cancelled')
    expect(object.pushes.map(({ server }) => server.power.startNo)).toEqual([2, 1])
    expect(object.pushes[1]).toMatchObject({ waiting: null, server: { generation: 3 } })
    await owner.call(servers.restart, { serverId })
    expect(object.pushes[2]?.server.power.startNo).toBe(3)
  })

  test('a click that its node has taken in comes too late', async () => {
    const { w, owner, serverId } = await aServer(running)
    const { operationId } = await owner.call(servers.stop, { serverId })
    await w.deps.db.update(operations).set({ state: 'running' })

    const failure = await owner.fails(endpoints.cancel, { operationId: operationId })

    expect(failure.code).toBe('not_cancellable')
    const [server] = await w.deps.db.select().from(rows)
    expect(server).toMatchObject({ wanted: 'stopped', generation: 2 })
  })

  test('a deletion is not possible', async () => {
    const { owner, serverId } = await aServer()
    const { operationId } = await owner.call(servers.delete, { serverId })

    const failure = await owner.fails(endpoints.cancel, { operationId: operationId })

    expect(failure.code).toBe('not_cancellable')
  })

  test('[Q8] a command is asked of its object, which knows whether it was sent', async () => {
    const { w, owner, serverId, object, stateOf } = await aServer()
    const { operationId } = await owner.call(servers.install, { serverId })

    await owner.call(endpoints.cancel, { operationId: operationId })

    expect(object.cancels).toEqual([operationId])
    expect(await stateOf(operationId)).toBe('queued')
    const [row] = await w.deps.db.select().from(operations)
    expect(row?.cancelRequestedAt).toBe(w.clock.now())
  })

  test('[Q8] a command that its object never saw is submitted there first', async () => {
    const { owner, serverId, object, stateOf } = await aServer()
    object.broken = new Error('away')
    const { operationId } = await owner.call(servers.install, { serverId })

    const away = await owner.fails(endpoints.cancel, { operationId: operationId })
    object.broken = null
    await owner.call(endpoints.cancel, { operationId: operationId })

    expect(away.code).toBe('node_unavailable')
    expect(object.orders.map(({ id }) => id)).toEqual([operationId])
    expect(object.cancels).toEqual([operationId])
    expect(await stateOf(operationId)).toBe('queued')
  })

  test('what has finished is refused', async () => {
    const { w, owner, serverId } = await aServer()
    const { operationId } = await owner.call(servers.start, { serverId })
    await w.deps.db.update(operations).set({ state: 'succeeded' })

    const failure = await owner.fails(endpoints.cancel, { operationId: operationId })

    expect(failure.code).toBe('operation_finished')
  })

  test('needs the right to the thing itself: having begun it is not enough, not even to see it', async () => {
    const { w, owner, serverId } = await aServer()
    const { operationId } = await owner.call(servers.start, { serverId })
    const other = await w.user()
    await w.deps.db.update(rows).set({ ownerId: other.id })

    const failure = await owner.fails(endpoints.cancel, { operationId: operationId })

    expect(failure.code).toBe('not_found')
  })
})
