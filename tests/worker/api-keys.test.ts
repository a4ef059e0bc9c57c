import { describe, expect, test } from 'vitest'
import { apiKeys } from '../../contract/api/api-keys.ts'
import { audit } from '../../contract/api/audit.ts'
import { ownerPermissions } from '../../contract/permissions.ts'
import { apiKeys as rows } from '../../worker/db/schema/rights.ts'
import { isWholeApiKey } from '../../worker/services/api-keys/key-text.ts'
import { dumpTables } from '../support/dump-tables.ts'
import { createWorld } from '../support/world.ts'
import { addKey } from '../support/world-keys.ts'

const soon = '2026-11-25T12:00:00.000Z'
const read = { name: 'Reads', permissions: ['server.read'] } as const

describe('making an API key', () => {
  test('shows it once, whole and with a checksum, and keeps no more than its start', async () => {
    const w = await createWorld()
    const user = await w.user()

    const { key, ...made } = await user.call(apiKeys.create, {
      ...read,
      permissions: ['server.read'],
    })

    expect(key).toMatch(/^cat_[\w-]{49}$/)
    expect(isWholeApiKey(key)).toBe(true)
    expect(made).toMatchObject({
      name: 'Reads',
      start: key.slice(0, 12),
      permissions: ['server.read'],
      ...{ serverIds: null, addresses: null, expiresAt: null, lastUsedAt: null, lastUsedIp: null },
    })
    expect(await user.call(apiKeys.list, {})).toEqual([made])
    expect(await dumpTables(w.deps.db)).not.toContain(key)
    expect(w.logged.join()).not.toContain(key)
  })

  test('is told in the audit log, with all but the key', async () => {
    const w = await createWorld()
    const user = await w.user()
    const { key, id } = await user.call(apiKeys.create, { ...read, permissions: ['server.read'] })
    w.clock.advance(1)
    await user.call(apiKeys.update, { apiKeyId: id, name: 'Other', expiresAt: soon })
    w.clock.advance(1)
    await user.call(apiKeys.delete, { apiKeyId: id })

    const { items } = await (await w.admin()).page(audit.list, { targetId: id })

    expect(items.map(({ action, before, after }) => ({ action, before, after }))).toEqual([
      { action: 'api_key.delete', before: expect.objectContaining({ name: 'Other' }), after: null },
      {
        action: 'api_key.update',
        before: { name: 'Reads', expiresAt: null },
        after: { name: 'Other', expiresAt: soon },
      },
      {
        action: 'api_key.create',
        before: null,
        after: expect.objectContaining({ start: key.slice(0, 12), permissions: ['server.read'] }),
      },
    ])
    expect(JSON.stringify(items)).not.toContain(key)
  })

  test('twice with one idempotency key makes one, and does not show it again', async () => {
    const w = await createWorld()
    const user = await w.user()
    const send = () =>
      user.send(apiKeys.create.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
        body: JSON.stringify(read),
      })

    const first = await send()
    const again = await send()

    expect([first.status, again.status]).toEqual([201, 409])
    expect(await again.json()).toMatchObject({
      code: expect.stringMatching(/^idempotency_/),
    })
    expect(await user.call(apiKeys.list, {})).toHaveLength(1)
    expect(await dumpTables(w.deps.db)).not.toContain((await first.json()).data.key)
  })

  test('[S6] 200 at once against a limit of 3 makes exactly 3', async () => {
    const w = await createWorld({ apiKeysPerAccount: 3 })
    const user = await w.user()
    const other = await addKey(w, (await w.user()).id, ['server.read'])
    const body = JSON.stringify(read)
    const headers = { 'content-type': 'application/json' }

    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        user.send(apiKeys.create.path, { method: 'POST', headers, body }),
      ),
    )

    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([...Array(3).fill(201), ...Array(197).fill(409)])
    expect(await w.deps.db.select().from(rows)).toHaveLength(4)
    expect(other.id).toBeDefined()
    const refused = await user.fails(apiKeys.create, { ...read, permissions: ['server.read'] })
    expect(refused).toMatchObject({ code: 'limit_reached', details: { limit: 3 } })
  })

  test('gives all that an owner may do, and of the panel what the account’s roles give', async () => {
    const w = await createWorld()
    const [user, admin] = [await w.user(), await w.admin()]
    const permissions = [...ownerPermissions]

    await user.call(apiKeys.create, { name: 'All', permissions })
    await admin.call(apiKeys.create, { name: 'All', permissions: [...permissions, 'node.read'] })
    const refused = await user.fails(apiKeys.create, {
      name: 'More',
      permissions: ['server.read', 'node.read', 'server.suspend'],
    })

    expect(refused).toMatchObject({
      status: 403,
      code: 'exceeds_your_rights',
      details: { missing: ['node.read', 'server.suspend'] },
    })
  })

  test('for servers takes those that the account sees, and no others', async () => {
    const w = await createWorld()
    const user = await w.user()
    const own = await w.addServer({ ownerId: user.id })
    const shared = await w.addServer()
    const foreign = await w.addServer()
    await w.rows.subUser(shared.id, user.id, ['server.read'])
    const create = { name: 'Some', permissions: ['server.read' as const] }

    const made = await user.call(apiKeys.create, { ...create, serverIds: [own.id, shared.id] })
    const refused = await user.fails(apiKeys.create, { ...create, serverIds: [own.id, foreign.id] })

    expect(made.serverIds).toEqual([own.id, shared.id])
    expect(refused).toMatchObject({
      code: 'invalid_input',
      details: [{ path: ['serverIds'], message: expect.any(String) }],
    })
  })

  test('writes addresses down in one way', async () => {
    const w = await createWorld()
    const user = await w.user()
    const addresses = [
      ...['203.0.113.7', '203.0.113.77/24', '::ffff:198.51.100.9', '::ffff:198.51.100.0/120'],
      ...['2001:DB8:0::1', '2001:db8:1::1/48', '10.0.0.0/8', '10.1.2.3/8'],
    ]

    const made = await user.call(apiKeys.create, {
      ...read,
      permissions: ['server.read'],
      addresses,
    })

    expect(made.addresses).toEqual([
      ...['203.0.113.7', '203.0.113.0/24', '198.51.100.9', '198.51.100.0/24'],
      ...['2001:db8::1', '2001:db8:1::/48', '10.0.0.0/8'],
    ])
  })

  test('refuses what makes no sense, by field', async () => {
    const w = await createWorld()
    const user = await w.user()
    const wrong = [
      [{ permissions: [] }, ['permissions']],
      [{ permissions: ['server.read', 'server.read'] }, ['permissions']],
      [{ serverIds: [] }, ['serverIds']],
      [{ addresses: [] }, ['addresses']],
      [{ addresses: ['localhost'] }, ['addresses', '0']],
      [{ addresses: ['10.0.0.0/33'] }, ['addresses', '0']],
      [{ addresses: ['fe80::1%eth0'] }, ['addresses', '0']],
      [{ expiresAt: '2026-11-24T12:00:00.000Z' }, ['expiresAt']],
      [{ name: '  ' }, ['name']],
    ] as const
    for (const [change, path] of wrong) {
      const failure = await user.fails(apiKeys.create, { ...read, ...change } as never)

      expect(failure, JSON.stringify(change)).toMatchObject({
        code: 'invalid_input',
        details: [{ path }],
      })
    }
  })
})
