import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { operations as endpoints, type OperationState } from '../../contract/api/operations.ts'
import { servers } from '../../contract/api/servers.ts'
import type { OperationId } from '../../contract/ids.ts'
import { operations } from '../../worker/db/schema/activity.ts'
import { servers as rows } from '../../worker/db/schema/servers.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createWorld } from '../support/world.ts'

async function aServer() {
  const w = await createWorld()
  const owner = await w.user()
  const server = await w.addServer({ ownerId: owner.id })
  const shown = async ({ operationId }: { operationId: OperationId }) =>
    (await owner.page(endpoints.list, {})).items.find(({ id }) => id === operationId)
  const end = async (id: OperationId, state: OperationState) => {
    await w.deps.db
      .update(operations)
      .set({ state, endedAt: w.clock.now() })
      .where(eq(operations.id, id))
  }
  return { w, owner, serverId: server.id, object: w.node(server.nodeId), end, shown }
}

describe('asking for the same again', () => {
  test('installs as it was asked for then, as an operation of who asks now', async () => {
    const { w, owner, serverId, object, end, shown } = await aServer()
    const { operationId } = await owner.call(servers.install, { serverId, wipe: true })
    await end(operationId, 'indeterminate')
    const admin = await w.admin()

    const again = await admin.call(endpoints.retry, { operationId })

    expect(again.operationId).not.toBe(operationId)
    expect(await shown(again)).toMatchObject({
      kind: 'server.install',
      actorName: admin.name,
      state: 'queued',
    })
    expect(object.orders.at(-1)?.command).toMatchObject({ type: 'server.install', wipe: true })
  })

  test('clicks again, and types the same line again', async () => {
    const { w, owner, serverId, object, end, shown } = await aServer()
    const start = await owner.call(servers.start, { serverId })
    await end(start.operationId, 'failed')
    await w.deps.db.update(rows).set({ wanted: 'stopped' })
    await owner.call(endpoints.retry, start)
    await w.deps.db.update(rows).set({ state: 'running' })
    const line = await owner.call(servers.command, { serverId, command: 'say hi' })
    await end(line.operationId, 'expired')

    const again = await owner.call(endpoints.retry, line)

    expect((await shown(again))?.subject).toBe('say hi')
    expect(object.orders.at(-1)?.command).toMatchObject({ type: 'console.input', line: 'say hi' })
  })

  test('is refused for what goes on, succeeded, or was a change of settings', async () => {
    const { owner, serverId, end } = await aServer()
    const start = await owner.call(servers.start, { serverId })
    expect((await owner.fails(endpoints.retry, start)).code).toBe('not_retryable')
    for (const state of ['succeeded', 'superseded'] as const) {
      await end(start.operationId, state)
      expect((await owner.fails(endpoints.retry, start)).code).toBe('not_retryable')
    }
  })

  test('needs the rights and the state that the thing itself needs', async () => {
    const { w, owner, serverId, end } = await aServer()
    const start = await owner.call(servers.start, { serverId })
    await end(start.operationId, 'failed')
    await w.deps.db.update(rows).set({ state: 'installing', wanted: 'stopped' })
    const wrong = await owner.fails(endpoints.retry, start)
    await w.deps.db.update(rows).set({ suspendedAt: w.clock.now() })
    const suspended = await owner.fails(endpoints.retry, start)
    const stranger = await (await w.user()).fails(endpoints.retry, start)

    expect([wrong.code, suspended.code, stranger.code]).toEqual([
      'wrong_state',
      'server_suspended',
      'not_found',
    ])
  })
})

test('operations are listed by kind, by node and by whether they came to nothing', async () => {
  const { w, owner, serverId, end } = await aServer()
  const { nodeId } = await owner.call(servers.get, { serverId })
  const install = await owner.call(servers.install, { serverId })
  await end(install.operationId, 'failed')
  await owner.call(servers.start, { serverId })
  const other = await w.addServer({ ownerId: owner.id })
  await owner.call(servers.start, { serverId: other.id })
  const count = async (query: object) => (await owner.page(endpoints.list, query)).items.length

  expect(await count({ kind: 'server.start' })).toBe(2)
  expect(await count({ nodeId })).toBe(2)
  expect(await count({ nodeId, kind: 'server.start' })).toBe(1)
  expect(await count({ state: 'unsuccessful' })).toBe(1)
})

test('finished operations are kept for 90 days, open ones for as long as they are', async () => {
  const { w, owner, serverId, end } = await aServer()
  const install = await owner.call(servers.install, { serverId })
  await end(install.operationId, 'succeeded')
  const start = await owner.call(servers.start, { serverId })
  const kept = async () => (await w.deps.db.select().from(operations)).map(({ id }) => id)

  w.clock.advance(90 * 24 * 3_600_000)
  await runWatchdog(w.deps)
  expect(await kept()).toHaveLength(2)
  w.clock.advance(1)
  await runWatchdog(w.deps)

  expect(await kept()).toEqual([start.operationId])
})
