import { expect, test } from 'vitest'
import { audit } from '../../contract/api/audit.ts'
import { type BulkAction, bulk } from '../../contract/api/bulk.ts'
import { servers } from '../../contract/api/servers.ts'
import { createWorld } from '../support/world.ts'

test('the same is done to many servers, each judged for itself', async () => {
  const w = await createWorld()
  const [owner, admin] = [await w.user(), await w.admin()]
  const mine = await w.addServer({ ownerId: owner.id })
  const suspended = await w.addServer({ ownerId: owner.id, suspendedAt: 1 })
  const busy = await w.addServer({ ownerId: owner.id, state: 'installing' })
  const [shared, seenOnly, foreign] = [
    await w.addServer(),
    await w.addServer(),
    await w.addServer(),
  ]
  await w.rows.subUser(shared.id, owner.id, ['server.read', 'server.start'])
  await w.rows.subUser(seenOnly.id, owner.id, ['server.read'])
  const serverIds = [mine, suspended, busy, shared, seenOnly, foreign].map(({ id }) => id)

  const { results, summary } = await owner.call(bulk.servers, { serverIds, action: 'start' })

  expect(results.map(({ status, code }) => [status, code])).toEqual([
    ['success', null],
    ['failed', 'server_suspended'],
    ['skipped', 'wrong_state'],
    ['success', null],
    ['failed', 'forbidden'],
    ['failed', 'not_found'],
  ])
  expect(results.map(({ serverId }) => serverId)).toEqual(serverIds)
  expect(results[0]?.operationId).not.toBeNull()
  expect(summary).toEqual({ success: 2, skipped: 1, failed: 3 })
  const { items } = await admin.page(audit.list, {})
  // Both were written in the same millisecond of the world's clock.
  const entries = items.map(({ action, targetId }) => `${action} ${targetId}`)
  expect(entries.sort()).toEqual([mine, shared].map(({ id }) => `server.start ${id}`).sort())
})

test('a billing area suspends many with one reason, and gives them back; owners may not', async () => {
  const w = await createWorld()
  const [owner, admin] = [await w.user(), await w.admin()]
  const serverIds = [
    (await w.addServer({ ownerId: owner.id })).id,
    (await w.addServer({ ownerId: owner.id })).id,
  ]
  const act = async (who: typeof owner, action: BulkAction) =>
    (await who.call(bulk.servers, { serverIds, action, reason: 'Not paid' })).summary

  expect(await act(owner, 'suspend')).toEqual({ success: 0, skipped: 0, failed: 2 })
  expect(await act(admin, 'suspend')).toEqual({ success: 2, skipped: 0, failed: 0 })
  const [first] = (await owner.page(servers.list, {})).items
  expect(first).toMatchObject({ status: 'suspended', suspensionReason: 'Not paid' })
  expect(await act(admin, 'suspend')).toEqual({ success: 0, skipped: 2, failed: 0 })
  expect(await act(owner, 'delete')).toEqual({ success: 0, skipped: 0, failed: 2 })
  expect(await act(admin, 'unsuspend')).toEqual({ success: 2, skipped: 0, failed: 0 })
})

test('many are suspended until the same time, and a time that has passed suspends none', async () => {
  const w = await createWorld()
  const [owner, admin] = [await w.user(), await w.admin()]
  const serverIds = [
    (await w.addServer({ ownerId: owner.id })).id,
    (await w.addServer({ ownerId: owner.id })).id,
  ]
  const until = (inMs: number) => new Date(w.clock.now() + inMs).toISOString()
  const suspend = (at: string) =>
    admin.call(bulk.servers, { serverIds, action: 'suspend', until: at })

  const late = await suspend(until(-1))
  const next = until(60_000)
  const { summary } = await suspend(next)

  expect(late.results.map(({ code }) => code)).toEqual(['invalid_input', 'invalid_input'])
  expect(summary).toEqual({ success: 2, skipped: 0, failed: 0 })
  const { items } = await owner.page(servers.list, {})
  expect(items.map(({ suspendedUntil }) => suspendedUntil)).toEqual([next, next])
})

test('a server named twice, none, or more than a hundred is refused as a whole', async () => {
  const w = await createWorld()
  const owner = await w.user()
  const { id } = await w.addServer({ ownerId: owner.id })
  for (const serverIds of [[], [id, id], Array.from({ length: 101 }, () => id)]) {
    const refused = await owner.fails(bulk.servers, { serverIds, action: 'start' })
    expect(refused.code).toBe('invalid_input')
  }
})
