import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auth, users } from '../../contract/api/accounts.ts'
import { apiKeys } from '../../contract/api/api-keys.ts'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { sessions } from '../../worker/db/schema/accounts.ts'
import { roles, apiKeys as rows, userRoles } from '../../worker/db/schema/rights.ts'
import { createWorld, operatorToken, type World } from '../support/world.ts'
import { addKey, withKey } from '../support/world-keys.ts'

const minute = 60_000

/** What was read of the database before and since: a client of each request counts for itself. */
function lastUse(w: World, id: string) {
  return w.deps.db
    .select({ at: rows.lastUsedAt, ip: rows.lastUsedIp })
    .from(rows)
    .where(eq(rows.id, id as never))
    .then(([row]) => row)
}

describe('an API key', () => {
  test('works in either header, and in both when they agree', async () => {
    const {
      key: { key },
      ask,
    } = await withKey()

    expect(await ask({ 'x-api-key': key })).toBe(200)
    expect(await ask({ authorization: `Bearer ${key}` })).toBe(200)
    expect(await ask({ authorization: `bearer ${key}`, 'x-api-key': key })).toBe(200)
  })

  test('[S9] beside another secret or a bad one is nobody’s, whatever cookie comes along', async () => {
    const {
      w,
      user,
      key: { key },
      ask,
    } = await withKey()
    const other = await addKey(w, user.id, ['server.read'])
    const cookie = `__Host-catalyst=${user.token}`
    const bad = [
      { 'x-api-key': key, authorization: `Bearer ${other.key}` },
      { 'x-api-key': key, authorization: `Bearer ${user.token}` },
      { 'x-api-key': key, authorization: `Bearer ${operatorToken}` },
      { 'x-api-key': key, authorization: `Basic ${key}` },
      { 'x-api-key': '', authorization: `Bearer ${user.token}` },
      { 'x-api-key': '' },
      { 'x-api-key': `${key}, ${key}` },
      { 'x-api-key': user.token },
      { 'x-api-key': operatorToken },
      { 'x-api-key': key.slice(0, -1) },
      { authorization: key },
      { authorization: `Bearer ${key.slice(0, -1)}` },
    ]
    for (const headers of bad) {
      expect(await ask({ ...headers, cookie }), JSON.stringify(headers)).toBe(401)
    }
    expect(await ask({ cookie })).toBe(200)
  })

  test('counts before the cookie: its rights are the request’s', async () => {
    const {
      w,
      key: { key },
    } = await withKey()
    const admin = await w.admin()
    const headers = { 'x-api-key': key, cookie: `__Host-catalyst=${admin.token}` }

    expect((await w.send('/api/nodes', { headers })).status).toBe(403)
  })

  test('with a typing error is refused without a look into the database', async () => {
    const {
      w,
      key: { key },
      ask,
    } = await withKey()
    await w.database.stop()

    for (let at = 4; at < key.length; at += 1) {
      const typo = `${key.slice(0, at)}${key[at] === 'a' ? 'b' : 'a'}${key.slice(at + 1)}`
      expect(await ask({ 'x-api-key': typo })).toBe(401)
      expect(await ask({ authorization: `Bearer ${typo}` })).toBe(401)
    }
    expect(await ask({ 'x-api-key': key })).toBe(503)
  })

  test('that was never made is refused', async () => {
    const { w, key, ask } = await withKey()
    await w.deps.db.delete(rows)

    expect(await ask({ 'x-api-key': key.key })).toBe(401)
  })

  test('ends when it expires, is deleted, or its account is disabled', async () => {
    const { w, user, ask } = await withKey()
    const admin = await w.admin()
    const make = () => addKey(w, user.id, ['server.read'], { expiresAt: w.clock.now() + 1000 })
    const [first, second, third] = [await make(), await make(), await make()]
    const statuses = () =>
      Promise.all([first, second, third].map(({ key }) => ask({ 'x-api-key': key })))

    await user.call(apiKeys.delete, { apiKeyId: first.id })
    expect(await statuses()).toEqual([401, 200, 200])
    await user.call(apiKeys.update, { apiKeyId: second.id, expiresAt: null })
    w.clock.advance(1000)
    expect(await statuses()).toEqual([401, 200, 401])
    await admin.call(users.update, { userId: user.id, disabled: true })
    expect(await statuses()).toEqual([401, 401, 401])
  })

  test('waits like its account for a second factor that a role asks for', async () => {
    const { w, user, ask, key } = await withKey()
    await w.deps.db.update(roles).set({ requiresTwoFactor: true })

    expect(await ask({ 'x-api-key': key.key })).toBe(403)
    expect(
      await w.deps.db.select().from(userRoles).where(eq(userRoles.userId, user.id)),
    ).toHaveLength(1)
  })

  test('tells what it may do, and not what else its account may', async () => {
    const { w, user, server } = await withKey()
    const shared = await w.addServer()
    await w.rows.subUser(shared.id, user.id, ['server.read', 'server.start'])
    const all = await addKey(w, user.id, ['server.start'])
    const one = await addKey(w, user.id, ['server.start'], { serverIds: [server.id] })
    const admins = await addKey(w, (await w.admin()).id, ['node.read', 'server.read'])

    expect((await all.call(auth.me, {})).grants).toEqual({ [shared.id]: ['server.start'] })
    expect((await one.call(auth.me, {})).grants).toEqual({})
    expect((await admins.call(auth.me, {})).permissions.toSorted()).toEqual([
      'node.read',
      'server.read',
    ])
  })

  test('has no session that it could end', async () => {
    const { w, key } = await withKey()
    const before = await w.deps.db.select().from(sessions)

    await key.call(auth.logout, {})

    expect(await w.deps.db.select().from(sessions)).toEqual(before)
    expect((await key.send('/api/servers')).status).toBe(200)
  })
})

test('what is done with a key is in the audit log with the key, and in its account’s activity as such', async () => {
  const { w, user, server } = await withKey()
  const key = await addKey(w, user.id, ['server.read', 'server.update'])
  await key.call(servers.update, { serverId: server.id, name: 'By key' })
  w.clock.advance(1)
  await user.call(servers.update, { serverId: server.id, name: 'By hand' })

  const { items } = await (await w.admin()).page(audit.list, { targetId: server.id })
  const own = await user.page(audit.own, {})

  expect(items.map(({ actorId, apiKeyId }) => [actorId, apiKeyId])).toEqual([
    [user.id, null],
    [user.id, key.id],
  ])
  expect(own.items.map(({ byKey }) => byKey)).toEqual([false, true])
})

describe('an address list', () => {
  const addresses = ['203.0.113.0/24', '198.51.100.9', '2001:db8::/48']
  const withList = async () => {
    const { w, user } = await withKey()
    const { key } = await addKey(w, user.id, ['server.read'], { addresses })
    const from = (ip: string | null) =>
      w.send('/api/servers', {
        headers: { 'x-api-key': key, ...(ip === null ? {} : { 'cf-connecting-ip': ip }) },
      })
    return { w, user, from }
  }

  test('lets in what it names, also when IPv4 comes written as IPv6', async () => {
    const { from } = await withList()
    const inside = [
      ...['203.0.113.0', '203.0.113.255', '198.51.100.9', '::ffff:203.0.113.9'],
      ...['::ffff:c633:6409', '2001:db8::1', '2001:0db8:0000:ffff::'],
    ]
    for (const ip of inside) expect((await from(ip)).status, ip).toBe(200)
  })

  test('refuses everything else, and a caller whose address is not known', async () => {
    const { from } = await withList()
    const outside = [
      ...['203.0.114.0', '198.51.100.10', '::ffff:198.51.100.10', '2001:db8:1::', '::1', null],
      ...['not an address', '203.0.113.9, 10.0.0.1', '203.0.113.9:443'],
    ]
    for (const ip of outside) {
      const answer = await from(ip)
      expect(answer.status, String(ip)).toBe(403)
      expect(await answer.json(), String(ip)).toMatchObject({ code: 'address_not_allowed' })
    }
  })

  test('a thief elsewhere does not use up what the holder may ask', async () => {
    const { w, from } = await withList()

    const thief = await from('192.0.2.1')
    const holder = await from('203.0.113.1')

    expect(thief.headers.get('ratelimit-policy')).toContain('visitor')
    expect(holder.headers.get('ratelimit')).toContain('"api-key";r=239')
    expect(w.logged).toEqual([])
  })
})

describe('requests with a key', () => {
  test('are counted at every door, told what is left, and refused when nothing is', async () => {
    const w = await createWorld({ apiRequestsPerMinute: 6 })
    const admin = await w.admin()
    const key = await addKey(w, admin.id, ['server.read', 'admin.read'])
    const doors = [
      ['/api/servers', 200],
      ['/api/admin/users', 403],
      ['/api/servers/none', 400],
      ['/api/admin/audit-logs/export', 200],
      ['/api/events', 200],
      ['/api/auth/api-keys', 403],
      ['/api/servers', 429],
    ] as const

    const told: unknown[] = []
    for (const [path] of doors) {
      const { status, headers, body } = await key.send(path)
      await body?.cancel()
      told.push([status, headers.get('ratelimit'), headers.get('retry-after')])
    }

    expect(told).toEqual([
      [200, '"api-key";r=5;t=10', null],
      [403, '"api-key";r=4;t=20', null],
      [400, '"api-key";r=3;t=30', null],
      [200, '"api-key";r=2;t=40', null],
      [200, '"api-key";r=1;t=50', null],
      [403, '"api-key";r=0;t=10', null],
      [429, '"api-key";r=0;t=10', '10'],
    ])
    const page = await admin.send('/api/servers')
    expect([page.status, page.headers.get('ratelimit')]).toEqual([200, null])
  })
})

describe('the last use of a key', () => {
  test('is written after the answer, with the address, once a minute at most', async () => {
    const { w, user, key } = await withKey()
    const use = async (ip: string) => {
      await w.send('/api/servers', {
        headers: { 'x-api-key': key.key, 'cf-connecting-ip': ip },
      })
      await w.settled()
      return lastUse(w, key.id)
    }
    const start = w.clock.now()

    expect(await use('203.0.113.1')).toEqual({ at: start, ip: '203.0.113.1' })
    w.clock.advance(minute - 1)
    expect(await use('203.0.113.2')).toEqual({ at: start, ip: '203.0.113.1' })
    w.clock.advance(1)
    expect(await use('203.0.113.3')).toEqual({ at: start + minute, ip: '203.0.113.3' })
    const [listed] = await user.call(apiKeys.list, {})
    expect(listed).toMatchObject({ lastUsedIp: '203.0.113.3' })
  })

  test('counts a request that the key has no right to, and none that it is refused', async () => {
    const { w, user, key } = await withKey()
    const elsewhere = await addKey(w, user.id, ['server.read'], { addresses: ['203.0.113.1'] })

    await key.send('/api/nodes')
    await elsewhere.send('/api/servers')
    await w.settled()

    expect((await lastUse(w, key.id))?.at).toBe(w.clock.now())
    expect((await lastUse(w, elsewhere.id))?.at).toBeNull()
  })
})
