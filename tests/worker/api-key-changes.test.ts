import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { users } from '../../contract/api/accounts.ts'
import { allApiKeys, apiKeys } from '../../contract/api/api-keys.ts'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { apiKeys as rows, userRoles } from '../../worker/db/schema/rights.ts'
import { createWorld } from '../support/world.ts'
import { addKey } from '../support/world-keys.ts'

const soon = '2026-11-25T12:00:00.000Z'

describe('changing an API key', () => {
  test('judges only what is added: one that holds a right since lost can be renamed and narrowed', async () => {
    const w = await createWorld()
    const user = await w.user()
    const { id: apiKeyId } = await addKey(w, user.id, ['server.read', 'server.start', 'node.read'])
    const update = { apiKeyId, permissions: ['server.read' as const, 'node.read' as const] }

    const narrowed = await user.call(apiKeys.update, update)
    const refused = await user.fails(apiKeys.update, {
      apiKeyId,
      permissions: ['node.read', 'user.read'],
    })

    expect(narrowed.permissions).toEqual(['server.read', 'node.read'])
    expect(refused).toMatchObject({ details: { missing: ['user.read'] } })
  })

  test('keeps servers that are gone as no server at all, and never opens all', async () => {
    const w = await createWorld()
    const user = await w.user()
    const [gone, other] = [
      await w.addServer({ ownerId: user.id }),
      await w.addServer({ ownerId: user.id }),
    ]
    const key = await addKey(w, user.id, ['server.read'], { serverIds: [gone.id] })
    await w.rows.deleteServer(gone.id)

    await user.call(apiKeys.update, { apiKeyId: key.id, name: 'Other' })

    expect((await key.page(servers.list, {})).items).toEqual([])
    expect((await key.fails(servers.get, { serverId: other.id })).code).toBe('not_found')
  })

  test('closes the account’s consoles when it opens other things, and not for another name', async () => {
    const w = await createWorld()
    const user = await w.user()
    const { nodeId } = await w.addServer({ ownerId: user.id })
    const { id: apiKeyId } = await addKey(w, user.id, ['server.read', 'console.read'])
    const { shownOut } = w.node(nodeId)

    await user.call(apiKeys.update, { apiKeyId, name: 'Other' })
    expect(shownOut).toEqual([])
    await user.call(apiKeys.update, { apiKeyId, permissions: ['server.read'] })
    expect(shownOut).toEqual([user.id])
    await user.call(apiKeys.update, { apiKeyId, expiresAt: soon })
    expect(shownOut).toEqual([user.id, user.id])
    await user.call(apiKeys.delete, { apiKeyId })
    expect(shownOut).toEqual([user.id, user.id, user.id])
  })

  test('and deleting it is its account’s alone', async () => {
    const w = await createWorld()
    const [admin, user] = [await w.admin(), await w.user()]
    const { id: apiKeyId } = await addKey(w, user.id, ['server.read'])

    for (const stranger of [admin, await w.user()]) {
      expect((await stranger.fails(apiKeys.update, { apiKeyId, name: 'X' })).code).toBe('not_found')
      expect((await stranger.fails(apiKeys.delete, { apiKeyId })).code).toBe('not_found')
      expect(await stranger.call(apiKeys.list, {})).toEqual([])
    }
  })
})

describe('keys of all accounts', () => {
  test('are listed with their owners, and by owner', async () => {
    const w = await createWorld()
    const [admin, user] = [await w.admin(), await w.user({ name: 'Ann' })]
    const first = await addKey(w, user.id, ['server.read'])
    w.clock.advance(1)
    const second = await addKey(w, admin.id, ['node.read'])

    const all = await admin.page(allApiKeys.list, {})
    const hers = await admin.page(allApiKeys.list, { userId: user.id })

    expect(all.items.map(({ id, owner }) => [id, owner.userId])).toEqual([
      [second.id, admin.id],
      [first.id, user.id],
    ])
    expect(hers).toMatchObject({
      items: [{ id: first.id, owner: { name: 'Ann', email: user.email } }],
      pagination: { total: 1 },
    })
    expect(JSON.stringify(all)).not.toContain(first.key)
  })

  test('are revoked by who holds all that the account holds, and by nobody with less', async () => {
    const w = await createWorld()
    const [admin, user] = [await w.admin(), await w.user()]
    const staff = await w.rows.user()
    await w.deps.db.insert(userRoles).values({
      userId: staff.id,
      roleId: builtinRoles.support.id,
    })
    const theirs = await addKey(w, staff.id, ['node.read'])
    const admins = await addKey(w, admin.id, ['node.read'])
    const manager = await addKey(w, admin.id, ['apikey.manage'])
    const { nodeId } = await w.addServer({ ownerId: user.id })
    const owned = await addKey(w, user.id, ['server.read'])

    const above = await manager.fails(allApiKeys.revoke, { apiKeyId: admins.id })
    const beside = await manager.fails(allApiKeys.revoke, { apiKeyId: theirs.id })
    await manager.call(allApiKeys.revoke, { apiKeyId: owned.id })
    w.clock.advance(1)
    await admin.call(allApiKeys.revoke, { apiKeyId: theirs.id })

    expect([above.code, beside.code]).toEqual(['exceeds_your_rights', 'exceeds_your_rights'])
    expect((await owned.send('/api/servers')).status).toBe(401)
    expect((await admins.send('/api/nodes')).status).toBe(200)
    expect(w.node(nodeId).shownOut).toEqual([user.id, staff.id])
    const { items } = await admin.page(audit.list, { action: 'api_key.revoke' })
    expect(items.map(({ targetId }) => targetId)).toEqual([theirs.id, owned.id])
    expect(items[1]?.before).toMatchObject({ userId: user.id, name: 'A key' })
  })

  test('go with their account', async () => {
    const w = await createWorld()
    const [admin, user] = [await w.admin(), await w.user()]
    await addKey(w, user.id, ['server.read'])

    await admin.call(users.delete, { userId: user.id })

    expect(await w.deps.db.select().from(rows).where(eq(rows.userId, user.id))).toEqual([])
  })
})
