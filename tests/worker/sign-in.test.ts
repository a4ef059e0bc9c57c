import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auth, users as endpoints } from '../../contract/api/accounts.ts'
import { hashPassword, hashToken, verifyPassword } from '../../worker/crypto.ts'
import { sessions } from '../../worker/db/schema/accounts.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { createWorld, type World } from '../support/world.ts'

const password = 'correct horse battery'

async function withPassword(w: World) {
  const passwordHash = await hashPassword(password, w.deps.rng.bytes(16))
  return w.user({ email: 'ann@example.org', passwordHash })
}

async function signIn(w: World, body: object, url = 'http://localhost', headers: object = {}) {
  return w.answer(
    new Request(`${url}/api/auth/login`, {
      method: 'POST',
      body: JSON.stringify({ email: 'ann@example.org', password, ...body }),
      headers: { 'content-type': 'application/json', ...headers },
    }),
  )
}

describe('signing in', () => {
  test('answers the account and a token that works as bearer and is stored as a hash', async () => {
    const w = await createWorld()
    const ann = await withPassword(w)

    const signedIn = await w.anonymous.call(auth.login, { email: ' ANN@example.org', password })

    const bearer = { authorization: `Bearer ${signedIn.token}` }
    expect(signedIn).toMatchObject({ id: ann.id, roles: [{ name: 'User' }], permissions: [] })
    expect((await w.send('/api/auth/me', { headers: bearer })).status).toBe(200)
    const stored = await w.deps.db.select().from(sessions)
    expect(stored.map(({ tokenHash }) => tokenHash)).toContain(hashToken(signedIn.token))
    expect(JSON.stringify(stored)).not.toContain(signedIn.token)
  })

  test('is in the audit log under the name of who signed in', async () => {
    const w = await createWorld()
    const ann = await withPassword(w)

    await signIn(w, {}, undefined, { 'cf-connecting-ip': '192.0.2.7' })

    const [entry] = await w.deps.db.select().from(auditLog)
    expect(entry).toMatchObject({ action: 'auth.login', actorId: ann.id, ip: '192.0.2.7' })
  })

  test('refuses a wrong password and an unknown account in the same words', async () => {
    const w = await createWorld()
    await withPassword(w)

    const wrong = await w.anonymous.fails(auth.login, { email: 'ann@example.org', password: 'no' })
    const unknown = await w.anonymous.fails(auth.login, { email: 'bob@example.org', password })

    expect(wrong).toMatchObject({ status: 401, code: 'invalid_credentials' })
    expect({ ...unknown, requestId: '' }).toEqual({ ...wrong, requestId: '' })
  })

  test('lasts 7 days, or 30 when remembered, and then no longer', async () => {
    const w = await createWorld()
    await withPassword(w)
    const day = 24 * 3_600_000
    for (const [rememberMe, days] of [
      [false, 7],
      [true, 30],
    ] as const) {
      const { token } = await (await signIn(w, { rememberMe })).json().then((body) => body.data)
      const me = () => w.send('/api/auth/me', { headers: { authorization: `Bearer ${token}` } })

      w.clock.advance(days * day - 1000)
      expect((await me()).status).toBe(200)
      w.clock.advance(1000)
      expect((await me()).status).toBe(401)
    }
  })
})

describe('the session cookie', () => {
  test.each([
    ['https://panel.example', {}, '__Host-catalyst=', true],
    ['http://localhost:8080', {}, '__Host-catalyst=', true],
    ['http://192.0.2.1:8080', {}, 'catalyst=', false],
    ['http://192.0.2.1:8080', { 'x-forwarded-proto': 'https' }, '__Host-catalyst=', true],
  ])('from %s %j is %s, secure %s', async (url, headers, name, secure) => {
    const w = await createWorld()
    await withPassword(w)

    const cookie = (await signIn(w, {}, url, headers)).headers.get('set-cookie') ?? ''

    expect(cookie.startsWith(name)).toBe(true)
    expect(cookie).toMatch(/; Path=\/; HttpOnly;( Secure;)? SameSite=Lax$/)
    expect(cookie.includes('; Secure')).toBe(secure)
  })

  test('outlives the browser only when the person asks to be remembered', async () => {
    const w = await createWorld()
    await withPassword(w)

    const cookie = (await signIn(w, { rememberMe: true })).headers.get('set-cookie')

    expect(cookie).toContain('Expires=Thu, 24 Dec 2026 12:00:00 GMT')
  })

  test('signs in, and is worth nothing after signing out', async () => {
    const w = await createWorld()
    await withPassword(w)
    const cookie = (await signIn(w, {})).headers.get('set-cookie')?.split(';')[0] ?? ''
    const own = { cookie, origin: 'http://localhost' }

    expect((await w.send('/api/auth/me', { headers: { cookie } })).status).toBe(200)
    const out = await w.send('/api/auth/logout', { method: 'POST', headers: own })
    expect(out.status).toBe(200)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await w.send('/api/auth/me', { headers: { cookie } })).status).toBe(401)
  })

  test('changes nothing for a page of another site, nor without an Origin', async () => {
    const w = await createWorld()
    const ann = await withPassword(w)
    const cookie = (await signIn(w, {})).headers.get('set-cookie')?.split(';')[0] ?? ''
    const foreign = ['https://evil.example', 'http://localhost:81', 'null', 'http://localhost.evil']
    const path = '/api/auth/logout'

    for (const origin of foreign) {
      const answer = await w.send(path, { method: 'POST', headers: { cookie, origin } })
      expect(await answer.json()).toMatchObject({ code: 'wrong_origin' })
      expect(answer.status).toBe(403)
    }
    expect((await w.send(path, { method: 'POST', headers: { cookie } })).status).toBe(403)
    const kept = await w.deps.db.select().from(sessions).where(eq(sessions.userId, ann.id))
    expect(kept).toHaveLength(2)
  })

  test('is not looked at beside a bearer, not even a wrong one', async () => {
    const w = await createWorld()
    await withPassword(w)
    const cookie = (await signIn(w, {})).headers.get('set-cookie')?.split(';')[0] ?? ''
    for (const authorization of ['Bearer wrong', 'Basic YTpi', 'Bearer', '']) {
      const answer = await w.send('/api/auth/me', { headers: { cookie, authorization } })
      expect(answer.status).toBe(401)
    }
  })
})

test('a page of another site cannot sign anybody in', async () => {
  const w = await createWorld()
  await withPassword(w)

  const answer = await signIn(w, {}, undefined, { origin: 'https://evil.example' })

  expect(answer.status).toBe(403)
})

describe('the operator', () => {
  test('has every right, no account, and its own name in the audit log', async () => {
    const w = await createWorld()
    const account = { email: 'a@example.org', name: 'A', password: 'long enough' }

    await w.operator.call(endpoints.create, account)

    expect(await w.operator.fails(auth.me, {})).toMatchObject({ code: 'not_found' })
    const [entry] = await w.deps.db.select().from(auditLog)
    expect(entry).toMatchObject({ actorKind: 'system', actorId: null, actorName: 'operator' })
  })

  test('is nobody whose token only begins like the right one', async () => {
    const w = await createWorld()
    for (const token of ['the-operator-token-of-this-world-000', `${'x'.repeat(600)}`]) {
      const headers = { authorization: `Bearer ${token}` }
      expect((await w.send('/api/admin/users', { headers })).status).toBe(401)
    }
  })
})

describe('a password', () => {
  test('is known again by its hash, and no other is', async () => {
    const hash = await hashPassword('pässword', new Uint8Array(16))

    expect(hash).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(await verifyPassword('pässword', hash)).toBe(true)
    expect(await verifyPassword('pa\u0308ssword', hash)).toBe(true)
    expect(await verifyPassword('password', hash)).toBe(false)
    expect(await verifyPassword('', 'not a hash')).toBe(false)
  })
})

test('accounts are listed by page, without anything secret, and an e-mail is used once', async () => {
  const w = await createWorld()
  const admin = await w.admin()
  const account = { email: 'Bob@Example.org', name: 'Bob', password: 'long enough' }
  w.clock.advance(1)
  await admin.call(endpoints.create, account)

  const page = await admin.page(endpoints.list, { limit: 1, page: 2 })

  expect(page.pagination).toEqual({ page: 2, limit: 1, total: 2, totalPages: 2 })
  expect(page.items[0]).toMatchObject({ email: 'bob@example.org', roles: [{ name: 'User' }] })
  expect(await admin.fails(endpoints.create, account)).toMatchObject({ code: 'email_taken' })
})
