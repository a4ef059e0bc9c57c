import { describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { apiKeys } from '../../contract/api/api-keys.ts'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { ownership } from '../../contract/api/sub-users.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { newId } from '../../worker/services/context.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import { createWorld } from '../support/world.ts'

async function used() {
  const w = await createWorld()
  const [owner, admin] = [await w.user(), await w.admin()]
  const { id: serverId } = await w.addServer({ ownerId: owner.id })
  await owner.call(servers.start, { serverId })
  w.clock.advance(1000)
  await owner.call(servers.update, { serverId, name: '=HYPERLINK("x")' })
  w.clock.advance(1000)
  await admin.call(servers.suspend, { serverId, reason: 'Said "pay", he did not' })
  return { w, owner, admin, serverId }
}

describe('the audit log', () => {
  test('is narrowed by kind of action, actor, target and time', async () => {
    const { w, owner, admin, serverId } = await used()
    const actions = async (filter: object) =>
      (await admin.page(audit.list, filter)).items.map(({ action }) => action)
    const then = new Date(w.clock.now() - 1000).toISOString()

    expect(await actions({ action: 'server.*' })).toHaveLength(3)
    expect(await actions({ action: 'server.s*' })).toEqual(['server.suspend', 'server.start'])
    expect(await actions({ action: 'server.%' })).toEqual([])
    expect(await actions({ action: 'serve_.*' })).toEqual([])
    expect(await actions({ action: 'SERVER.*' })).toEqual([])
    expect(await actions({ actorId: owner.id })).toEqual(['server.update', 'server.start'])
    expect(await actions({ targetId: serverId, from: then })).toEqual([
      'server.suspend',
      'server.update',
    ])
    expect(await actions({ to: then })).toEqual(['server.start'])
  })

  test('is narrowed to kinds whose names have two words', async () => {
    const { w, owner, admin } = await used()
    await owner.call(apiKeys.create, { name: 'A key', permissions: ['server.read'] })
    await admin.call(users.setRoles, { userId: (await w.rows.user()).id, roleIds: [] })

    for (const action of ['api_key.*', 'user.set_r*']) {
      const { items } = await admin.page(audit.list, { action })
      expect(items, action).toHaveLength(1)
      expect((await admin.call(audit.facets, { action })).actions, action).toHaveLength(1)
    }
  })

  test('calls what an entry is about by its name, as long as it is there', async () => {
    const { admin, serverId } = await used()
    const names = async () =>
      (await admin.page(audit.list, { targetId: serverId })).items.map((item) => item.targetName)
    const { id: userId } = await admin.call(users.create, {
      ...{ name: 'Eve', email: 'eve@example.org', password: 'a long enough password' },
    })
    const ofUser = async () => (await admin.page(audit.list, { targetId: userId })).items

    expect(await names()).toEqual(Array(3).fill('=HYPERLINK("x")'))
    expect((await ofUser())[0]?.targetName).toBe('Eve')
    await admin.call(users.delete, { userId })
    expect((await ofUser()).map((item) => item.targetName)).toEqual([null, null])
  })

  test('names a server to whoever did something to it only while they may see it', async () => {
    const { owner, admin, serverId } = await used()
    const names = async () =>
      (await owner.page(audit.own, {})).items.map(({ action, targetName }) => [action, targetName])
    expect(await names()).toContainEqual(['server.start', '=HYPERLINK("x")'])

    await admin.call(servers.unsuspend, { serverId })
    await admin.call(ownership.set, { serverId, ownerId: admin.id })
    await admin.call(servers.update, { serverId, name: 'Not theirs' })

    expect(await names()).toContainEqual(['server.start', null])
  })

  test('tells which actions and actors it has', async () => {
    const { owner, admin } = await used()

    const { actions, actors } = await admin.call(audit.facets, { action: 'server.*' })

    expect(actions.map(({ value, count }) => [value, count])).toEqual([
      ['server.start', 1],
      ['server.suspend', 1],
      ['server.update', 1],
    ])
    expect(actors[0]).toEqual({ value: owner.id, name: owner.name, count: 2 })
  })

  test('is exported whole, oldest first, each entry once', async () => {
    const { w, admin } = await used()
    const at = w.clock.now()
    const many = Array.from({ length: 1201 }, () => ({
      id: newId<typeof auditLog.$inferSelect.id>(w.deps),
      at,
      action: 'test.many',
      actorKind: 'system' as const,
      actorName: 'test',
      requestId: '-',
    }))
    await w.deps.db.insert(auditLog).values(many)

    const reply = await admin.send('/api/admin/audit-logs/export?format=jsonl')
    const entries = (await reply.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="audit.jsonl"')
    expect(entries).toHaveLength(1204)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(1204)
    expect(entries[0].action).toBe('server.start')
  })

  test('is exported for spreadsheets without a cell that they would run', async () => {
    const { admin } = await used()

    const reply = await admin.send('/api/admin/audit-logs/export?format=csv&action=server.*')
    const [head, ...rows] = (await reply.text()).trimEnd().split('\r\n')

    expect(head).toBe('at,action,actorName,actorId,apiKeyId,ip,targetType,targetId,before,after')
    expect(rows).toHaveLength(3)
    expect(rows[2]).toContain('Said \\""pay\\"", he did not')
    expect(rows.join('\n')).not.toMatch(/(^|,)"?[=+@-]/m)
  })

  test('is kept for as long as the panel says, and no longer', async () => {
    const w = await createWorld({ auditKeptDays: 30 })
    const owner = await w.user()
    const { id: serverId } = await w.addServer({ ownerId: owner.id })
    await owner.call(servers.start, { serverId })

    w.clock.advance(30 * 24 * 3_600_000)
    await runWatchdog(w.deps)
    const last = await w.deps.db.select().from(auditLog)
    w.clock.advance(1)
    await runWatchdog(w.deps)

    expect(last).toHaveLength(1)
    expect(await w.deps.db.select().from(auditLog)).toEqual([])
  })

  test('is exported no further once the right is gone', async () => {
    const { w, admin } = await used()
    await w.admin()
    const reply = await admin.send('/api/admin/audit-logs/export?format=csv')
    const reader = reply.body?.getReader()
    await reader?.read()

    await w.operator.call(users.setRoles, { userId: admin.id, roleIds: [] })

    await expect(reader?.read()).rejects.toThrow('no right')
  })

  test('is closed to users, and to filters that are none', async () => {
    const { owner, admin } = await used()
    expect((await owner.send('/api/admin/audit-logs/export')).status).toBe(403)
    expect((await admin.send('/api/admin/audit-logs/export?format=xml')).status).toBe(400)
    expect((await admin.send('/api/admin/audit-logs/export?from=monday')).status).toBe(400)
  })
})

describe('activity', () => {
  test('of a server is shown to its owner, without values and addresses', async () => {
    const { owner, admin, serverId } = await used()

    const { items } = await owner.page(audit.ofServer, { serverId })

    expect(items.map(({ action, actorName }) => [action, actorName])).toEqual([
      ['server.suspend', admin.name],
      ['server.update', owner.name],
      ['server.start', owner.name],
    ])
    expect(Object.keys(items[0] ?? {})).not.toContain('ip')
  })

  test('of an account is shown to it alone', async () => {
    const { owner, admin } = await used()
    const of = async (who: typeof owner) =>
      (await who.page(audit.own, {})).items.map(({ action }) => action)

    expect(await of(owner)).toEqual(['server.update', 'server.start'])
    expect(await of(admin)).toEqual(['server.suspend'])
  })
})
