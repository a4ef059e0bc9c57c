import { describe, expect, test } from 'vitest'
import { operations as operationEndpoints } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { allocations, servers as rows } from '../../worker/db/schema/servers.ts'
import { applyEvents } from '../../worker/services/ledger/apply.ts'
import { createWorld } from '../support/world.ts'

async function aServer(node: object = {}) {
  const w = await createWorld()
  const owner = await w.user()
  const { id: nodeId } = await w.addNode(node)
  const server = await w.addServer({ ownerId: owner.id, nodeId, state: 'running' })
  return { w, owner, nodeId, serverId: server.id, object: w.node(nodeId) }
}

describe('deleting a server', () => {
  test('asks its node to remove it, and keeps it and its port until the node has', async () => {
    const { w, owner, serverId, nodeId, object } = await aServer()

    const { operationId } = await owner.call(servers.delete, { serverId })

    expect(object.pushes[0]).toMatchObject({
      server: { removed: true, power: { wanted: 'stopped' } },
      waiting: { id: operationId, kind: 'delete' },
    })
    expect((await owner.call(servers.get, { serverId })).status).toBe('deleting')
    expect(await w.deps.db.select().from(allocations)).toHaveLength(1)

    const at = new Date(w.clock.now()).toISOString()
    await applyEvents(w.deps, nodeId, [{ eventNo: 1, at, type: 'server.removed', serverId }])

    expect((await owner.fails(servers.get, { serverId })).code).toBe('not_found')
    expect(await w.deps.db.select().from(allocations)).toEqual([])
    const operation = { operationId: operationId as never } // told as a plain uuid
    expect(await owner.call(operationEndpoints.get, operation)).toMatchObject({
      state: 'succeeded',
      serverName: expect.stringContaining('Server'),
    })
  })

  test('supersedes what else was asked of it, and nothing can be asked any more', async () => {
    const { w, owner, serverId } = await aServer()
    await owner.call(servers.stop, { serverId })

    await owner.call(servers.delete, { serverId })

    const [stop] = await w.deps.db.select().from(operations).orderBy(operations.generation)
    expect(stop?.state).toBe('superseded')
    for (const refused of [
      await owner.fails(servers.stop, { serverId }),
      await owner.fails(servers.update, { serverId, name: 'Other' }),
      await owner.fails(servers.install, { serverId }),
    ]) {
      expect(refused.code).toBe('wrong_state')
    }
  })

  test('twice is one deletion', async () => {
    const { w, owner, serverId } = await aServer()

    const first = await owner.call(servers.delete, { serverId })
    const second = await owner.call(servers.delete, { serverId })

    expect(second).toEqual(first)
    expect(await w.deps.db.select().from(operations)).toHaveLength(1)
  })

  test('is done at once where no agent may connect', async () => {
    const { w, owner, serverId, object } = await aServer({ publicKey: null, online: false })

    await owner.call(servers.delete, { serverId })

    expect(object.pushes[0]?.server.removed).toBe(true)
    expect(await w.deps.db.select().from(rows)).toEqual([])
    expect(await w.deps.db.select().from(allocations)).toEqual([])
    const [deletion] = await w.deps.db.select().from(operations)
    expect(deletion).toMatchObject({ kind: 'server.delete', state: 'succeeded' })
  })

  test('works there also when there is no object at all', async () => {
    const { w, owner, serverId, object } = await aServer({ publicKey: null, enrolledAt: null })
    object.broken = new Error('away')

    await owner.call(servers.delete, { serverId })

    expect(await w.deps.db.select().from(rows)).toEqual([])
  })
})
