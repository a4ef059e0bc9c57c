import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { nodes as nodeEndpoints } from '../../contract/api/nodes.ts'
import { operations } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import { changes } from '../../worker/db/schema/activity.ts'
import { restAfter } from '../../worker/services/events/waker.ts'
import { applyEvents } from '../../worker/services/ledger/apply.ts'
import { eventOf, listen } from '../support/event-reader.ts'
import { createWorld, type World } from '../support/world.ts'

async function aServer() {
  const w = await createWorld()
  const owner = await w.user()
  const { id: nodeId } = await w.addNode()
  const { id: serverId } = await w.addServer({ ownerId: owner.id, nodeId })
  return { w, owner, nodeId, serverId }
}

describe('a stream of events', () => {
  test('tells of an operation from the click to its end', async () => {
    const { w, owner, nodeId, serverId } = await aServer()
    const reader = await listen(owner)
    await reader.block()

    const { operationId } = await owner.call(servers.start, { serverId })
    const queued = await eventOf(reader, 'operation')
    const report = {
      id: operationId as never,
      state: 'succeeded',
      log: [],
      startedAt: null,
    } as const
    const progress = { percent: null, bytes: null, message: null }
    const at = new Date(w.clock.now()).toISOString()
    await applyEvents(w.deps, nodeId, [
      {
        eventNo: 1,
        at,
        type: 'operation.changed',
        operation: { ...report, progress, code: null, message: null, endedAt: at },
      },
    ])
    await w.deps.bell.ring()
    const ended = await eventOf(reader, 'operation')

    expect(queued.operation).toMatchObject({ id: operationId, kind: 'server.start' })
    expect(ended.operation).toMatchObject({ id: operationId, state: 'succeeded' })
    const { log: _log, ...operation } = await owner.call(operations.get, { operationId })
    expect(ended.operation).toEqual(operation)
  })

  test('goes on where its reader stopped, each thing once and as it is now', async () => {
    const { owner, serverId } = await aServer()
    const first = await listen(owner)
    await first.block()
    const stoppedAt = first.lastId
    await first.cancel()
    for (const name of ['One', 'Two', 'Three']) await owner.call(servers.update, { serverId, name })

    const second = await listen(owner, stoppedAt)
    const event = await eventOf(second, 'server')

    expect(event.server).toMatchObject({ id: serverId, name: 'Three' })
    const third = await listen(owner, second.lastId)
    await third.block()
    expect(await third.block()).toMatch(/^:/)
  })

  test('tells nobody of what is not theirs', async () => {
    const { w, owner, serverId } = await aServer()
    const stranger = await w.user()
    const reader = await listen(stranger)
    await reader.block()
    await reader.block()

    await owner.call(servers.update, { serverId, name: 'Secret' })
    await w.deps.bell.ring()
    const block = await reader.block()
    const mine = await w.addServer({ ownerId: stranger.id })
    await w.deps.bell.ring()
    const event = await eventOf(reader, 'server')

    expect(block).not.toContain('data:')
    expect(event.server.id).toBe(mine.id)
  })

  test('tells the owner and an administrator that a server is gone, and of its node', async () => {
    const { w, owner, nodeId, serverId } = await aServer()
    const admin = await w.admin()
    const stranger = await w.user()
    const readers = [await listen(owner), await listen(admin)]
    const other = await listen(stranger)
    for (const reader of [...readers, other]) await reader.block()
    const at = new Date(w.clock.now()).toISOString()
    await applyEvents(w.deps, nodeId, [{ eventNo: 1, at, type: 'node.offline', reason: 'silent' }])
    await w.deps.bell.ring()
    for (const reader of readers) {
      expect((await eventOf(reader, 'node')).node).toMatchObject({ id: nodeId, status: 'offline' })
    }

    await owner.call(servers.delete, { serverId })
    await applyEvents(w.deps, nodeId, [{ eventNo: 2, at, type: 'server.removed', serverId }])
    await w.deps.bell.ring()

    for (const reader of readers) {
      expect(await eventOf(reader, 'server_gone')).toEqual({ type: 'server_gone', serverId })
    }
    expect(await other.block()).not.toContain('data:')
  })

  test('ends when its session does', async () => {
    const { w, owner } = await aServer()
    const reader = await listen(owner)
    await reader.block()
    await reader.block()

    await owner.call(auth.logout, {})
    await w.deps.bell.ring()

    expect(await reader.event()).toBeNull()
  })

  test('says so when the numbers of its reader come from another copy of the database', async () => {
    const { w, owner } = await aServer()
    const reader = await listen(owner, '999999')
    expect(await reader.event()).toEqual({ type: 'reset' })
    expect(Number(reader.lastId)).toBeLessThan(999_999)
    expect(await newest(w)).toBe(Number(reader.lastId))
  })

  test('is closed to strangers and to numbers that are none', async () => {
    const { w, owner } = await aServer()
    expect((await w.anonymous.send('/api/events')).status).toBe(401)
    const headers = { 'last-event-id': 'soon' }
    const refused = await owner.send('/api/events', { headers })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ code: 'invalid_input' })
  })
})

test('streams look rarely while looks are slow, and soon again when they are not', () => {
  expect([5, 40, 300, 60_000].map(restAfter)).toEqual([200, 200, 1500, 5000])
})

test('the feed keeps one row for each thing, and none for operations that were pruned', async () => {
  const { w, owner, nodeId, serverId } = await aServer()
  for (const name of ['One', 'Two']) await owner.call(servers.update, { serverId, name })
  await (await w.admin()).call(nodeEndpoints.update, { nodeId, name: 'Renamed' })

  const rows = await w.deps.db.select().from(changes)

  const things = rows.map(({ kind, entityId }) => `${kind} ${entityId}`)
  expect(new Set(things).size).toBe(things.length)
  expect(things).toContain(`node ${nodeId}`)
})

async function newest(w: World): Promise<number> {
  const rows = await w.deps.db.select({ id: changes.id }).from(changes)
  return Math.max(...rows.map(({ id }) => id))
}
