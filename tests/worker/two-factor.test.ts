import { eq } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { roles } from '../../contract/api/roles.ts'
import { servers } from '../../contract/api/servers.ts'
import { twoFactor } from '../../contract/api/two-factor.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { hashPassword, noPassword } from '../../worker/crypto.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { createWorld, type World } from '../support/world.ts'

const password = 'correct horse battery'
const email = 'ann@example.org'

/** The app on Ann's phone; `ahead`: in how many half minutes. */
function appOf(w: World, secret: string) {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  return (ahead = 0) => totp.generate({ timestamp: w.clock.now() + ahead * 30_000 })
}

async function annWithApp() {
  const w = await createWorld()
  const passwordHash = await hashPassword(password, new Uint8Array(16))
  const ann = await w.user({ passwordHash, email })
  const { secret, uri } = await ann.call(twoFactor.beginTotp, { currentPassword: password })
  const app = appOf(w, secret)
  const { recoveryCodes } = await ann.call(twoFactor.confirmTotp, { code: app() })
  w.clock.advance(30_000)
  const begin = async () => {
    const { code, details } = await w.anonymous.fails(auth.login, { email, password })
    expect(code).toBe('second_factor_needed')
    return (details as { token: string }).token // the code's own details
  }
  return { w, ann, app, uri, recoveryCodes, begin }
}

describe('an authenticator app', () => {
  test('counts only once a code showed that it has the secret', async () => {
    const w = await createWorld()
    const passwordHash = await hashPassword(password, new Uint8Array(16))
    const ann = await w.user({ passwordHash, email })

    expect((await ann.fails(twoFactor.beginTotp, {})).code).toBe('wrong_password')
    const first = await ann.call(twoFactor.beginTotp, { currentPassword: password })
    await w.anonymous.call(auth.login, { email, password })
    const second = await ann.call(twoFactor.beginTotp, { currentPassword: password })

    expect(second.uri).toContain(`secret=${second.secret}`)
    expect(second.uri).toMatch(/^otpauth:\/\/totp\/Catalyst:ann%40example.org\?issuer=Catalyst&/)
    const old = await ann.fails(twoFactor.confirmTotp, { code: appOf(w, first.secret)() })
    expect(old.code).toBe('wrong_code')
    const { recoveryCodes } = await ann.call(twoFactor.confirmTotp, {
      code: appOf(w, second.secret)(),
    })
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(await ann.call(twoFactor.state, {})).toMatchObject({ totp: true, recoveryCodesLeft: 10 })
  })

  test('is asked for after the password, and its code opens a session', async () => {
    const { w, ann, app, begin } = await annWithApp()

    const token = await begin()
    const signedIn = await w.anonymous.call(twoFactor.secondStep, { token, code: app() })

    expect(signedIn).toMatchObject({ id: ann.id, hasTwoFactor: true })
    const again = await w.anonymous.fails(twoFactor.secondStep, { token, code: app(1) })
    expect(again.code).toBe('sign_in_expired')
  })

  test('[S8] gives codes that are good once, also for requests in parallel', async () => {
    const { w, app, begin } = await annWithApp()
    const code = app()
    const send = (token: string) =>
      w.send('/api/auth/login/two-factor', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, code }),
      })
    const token = await begin()

    const replies = await Promise.all(Array.from({ length: 5 }, () => send(token)))
    const later = await send(await begin())

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await later.json()).toMatchObject({ code: 'wrong_code' })
  })

  test('may be half a minute off, and no more', async () => {
    const { w, app, begin } = await annWithApp()
    const token = await begin()

    const old = await w.anonymous.fails(twoFactor.secondStep, { token, code: app(-2) })
    await w.anonymous.call(twoFactor.secondStep, { token, code: app(1) })

    expect(old.code).toBe('wrong_code')
    // The step before it is older than the newest that was taken.
    const before = { token: await begin(), code: app() }
    expect((await w.anonymous.fails(twoFactor.secondStep, before)).code).toBe('wrong_code')
  })

  test('is not guessed: a sign-in takes five codes, and waits in between come after that', async () => {
    const { w, app, begin } = await annWithApp()
    const token = await begin()
    const guess = (code: string) => w.anonymous.fails(twoFactor.secondStep, { token, code })

    for (let guesses = 0; guesses < 5; guesses += 1) {
      expect((await guess('000000')).code).toBe('wrong_code')
    }
    expect((await guess(app())).code).toBe('sign_in_expired')
    const next = await w.anonymous.fails(twoFactor.secondStep, {
      token: await begin(),
      code: app(),
    })
    expect(next.code).toBe('too_many_attempts')
  })

  test('waits for its code for five minutes', async () => {
    const { w, app, begin } = await annWithApp()
    const token = await begin()
    w.clock.advance(5 * 60_000 + 1)

    const late = await w.anonymous.fails(twoFactor.secondStep, { token, code: app() })

    expect(late.code).toBe('sign_in_expired')
  })

  test('waits for its first code for a quarter of an hour', async () => {
    const w = await createWorld()
    const ann = await w.user({ passwordHash: noPassword, email })
    const { secret } = await ann.call(twoFactor.beginTotp, {})
    w.clock.advance(15 * 60_000 + 1)

    const late = await ann.fails(twoFactor.confirmTotp, { code: appOf(w, secret)() })

    expect(late.code).toBe('wrong_code')
  })

  test('is replaced by another one once that has shown a code, by whoever has to have one too', async () => {
    const { w, ann, app, recoveryCodes, begin } = await annWithApp()
    const admin = await w.admin()
    await admin.call(roles.update, { roleId: builtinRoles.user.id, requiresTwoFactor: true })

    const { secret } = await ann.call(twoFactor.beginTotp, { code: app() })
    w.clock.advance(30_000)
    await w.anonymous.call(twoFactor.secondStep, { token: await begin(), code: app() })
    const phone = appOf(w, secret)
    await ann.call(twoFactor.confirmTotp, { code: phone() })

    w.clock.advance(30_000)
    for (const code of [app(), recoveryCodes[0] ?? '']) {
      const refused = await w.anonymous.fails(twoFactor.secondStep, { token: await begin(), code })
      expect(refused.code).toBe('wrong_code')
    }
    await w.anonymous.call(twoFactor.secondStep, { token: await begin(), code: phone() })
  })

  test('is removed by password or code, unless a role asks for a second factor', async () => {
    const { w, ann, app } = await annWithApp()
    const admin = await w.admin()
    const { id: roleId } = builtinRoles.user
    await admin.call(roles.update, { roleId, requiresTwoFactor: true })
    await ann.page(servers.list, {})

    const kept = await ann.fails(twoFactor.removeTotp, { code: app() })
    await admin.call(roles.update, { roleId, requiresTwoFactor: false })
    const wrong = await ann.fails(twoFactor.removeTotp, { code: '000000' })
    const unproved = await ann.fails(twoFactor.removeTotp, {})
    await ann.call(twoFactor.removeTotp, { currentPassword: password })

    const codes = [kept, wrong, unproved].map(({ code }) => code)
    expect(codes).toEqual(['two_factor_required', 'wrong_code', 'wrong_password'])
    expect(await ann.call(twoFactor.state, {})).toMatchObject({ recoveryCodesLeft: 0 })
    await w.anonymous.call(auth.login, { email, password })
  })

  test('of an account without a password is removed by a code alone', async () => {
    const { w, ann, app } = await annWithApp()
    await w.deps.db.update(users).set({ passwordHash: noPassword }).where(eq(users.id, ann.id))

    const unproved = await ann.fails(twoFactor.removeTotp, { currentPassword: 'none' })
    await ann.call(twoFactor.removeTotp, { code: app() })

    expect(unproved).toMatchObject({ code: 'invalid_input', details: [{ path: ['code'] }] })
  })

  test('[S4] ends every other session when it goes, and sign-ins under way, and closes consoles', async () => {
    const { w, ann, begin, recoveryCodes, app } = await annWithApp()
    const { nodeId } = await w.addServer({ ownerId: ann.id })
    const stranger = { token: await begin(), code: recoveryCodes[0] ?? '' }
    const other = await w.anonymous.call(twoFactor.secondStep, stranger)
    const waiting = await begin()
    const statusOf = async (token: string) =>
      (await w.send('/api/auth/me', { headers: { authorization: `Bearer ${token}` } })).status
    expect(await statusOf(other.token)).toBe(200)

    await ann.call(twoFactor.removeTotp, { code: app() })

    expect([await statusOf(other.token), await statusOf(ann.token)]).toEqual([401, 200])
    expect(w.node(nodeId).shownOut).toEqual([ann.id])
    const late = { token: waiting, code: recoveryCodes[1] ?? '' }
    expect((await w.anonymous.fails(twoFactor.secondStep, late)).code).toBe('sign_in_expired')
    const { items } = await (await w.admin()).page(audit.list, {})
    expect(items.map(({ action }) => action)).toContain('auth.remove_totp')
  })
})

describe('recovery codes', () => {
  test('open the account once each, however they are written', async () => {
    const { w, ann, recoveryCodes, begin } = await annWithApp()
    const [code = ''] = recoveryCodes

    await w.anonymous.call(twoFactor.secondStep, {
      token: await begin(),
      code: code.toUpperCase().replaceAll('-', ' '),
    })

    const again = await w.anonymous.fails(twoFactor.secondStep, { token: await begin(), code })
    expect(again.code).toBe('wrong_code')
    expect((await ann.call(twoFactor.state, {})).recoveryCodesLeft).toBe(9)
  })

  test('are worth nothing once new ones were made', async () => {
    const { w, ann, app, recoveryCodes, begin } = await annWithApp()
    const [old = ''] = recoveryCodes

    const { recoveryCodes: fresh } = await ann.call(twoFactor.renewRecoveryCodes, { code: app() })
    const wrong = await ann.fails(twoFactor.renewRecoveryCodes, { currentPassword: 'a guess' })
    expect(wrong.code).toBe('wrong_password')

    expect(fresh).toHaveLength(10)
    const refused = { token: await begin(), code: old }
    expect((await w.anonymous.fails(twoFactor.secondStep, refused)).code).toBe('wrong_code')
    const [code = ''] = fresh
    await w.anonymous.call(twoFactor.secondStep, { token: await begin(), code })
  })

  test('stand in for a factor, so there are none without one', async () => {
    const w = await createWorld()
    const ann = await w.user()

    const refused = await ann.fails(twoFactor.renewRecoveryCodes, {})

    expect(refused.code).toBe('no_second_factor')
  })
})
