import { describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { oneTimeTokens } from '../../worker/db/schema/sign-in.ts'
import { makeToken } from '../../worker/services/auth/one-time-tokens.ts'
import { runWatchdog } from '../../worker/services/watchdog/run.ts'
import {
  ann,
  clerkWith,
  dayMs,
  giveSecondFactor,
  password,
  tokenOf,
} from '../support/account-links.ts'
import { panelUrl, setUpMail } from '../support/mail-settings.ts'
import { createWorld } from '../support/world.ts'

describe('a forgotten password', () => {
  const newPassword = 'quite another staple'

  test('is replaced by a mailed link, which ends every session and signs nobody in', async () => {
    const w = await createWorld()
    await setUpMail(w)
    const person = await ann(w)
    const { nodeId } = await w.addServer({ ownerId: person.id })
    w.mail.willTake()

    const asked = await w.anonymous.call(accountLinks.askPasswordReset, {
      email: 'ANN@example.org',
    })
    await w.settled()
    expect(w.mail.link().href).toContain(`${panelUrl}/new-password#`)
    const token = tokenOf(w.mail.link())
    const done = await w.anonymous.send('/api/auth/password-reset/finish', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password: newPassword }),
    })

    expect(asked).toEqual({ byMail: true })
    expect(w.mail.to()).toEqual(['ann@example.org'])
    expect([done.status, done.headers.get('set-cookie')]).toEqual([200, null])
    expect((await person.fails(auth.me, {})).code).toBe('unauthenticated')
    expect(w.node(nodeId).shownOut).toEqual([person.id])
    const { email } = person
    expect((await w.anonymous.fails(auth.login, { email, password })).code).toBe(
      'invalid_credentials',
    )
    await w.anonymous.call(auth.login, { email, password: newPassword })
    const again = { token, password }
    expect((await w.anonymous.fails(accountLinks.finishPasswordReset, again)).code).toBe(
      'link_invalid',
    )
  })

  test('is answered the same for whoever is not there, disabled or without a password: no mail goes', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await w.rows.user({ email: 'disabled@example.org', disabledAt: w.clock.now() })
    await w.operator.call(accountLinks.invite, {
      email: 'invited@example.org',
      name: 'I',
      byMail: false,
    })

    for (const name of ['nobody', 'disabled', 'invited']) {
      const email = `${name}@example.org`
      const asked = await w.anonymous.call(accountLinks.askPasswordReset, { email })
      expect(asked).toEqual({ byMail: true })
    }
    await w.settled()
    await runWatchdog(w.deps)

    expect(w.mail.attempts).toEqual([])
    const [newest] = (await w.operator.page(audit.list, {})).items
    expect(newest).toMatchObject({ action: 'auth.ask_password_reset', actorName: 'anonymous' })
    const kept = await w.deps.db.select().from(oneTimeTokens)
    expect(kept.map(({ purpose }) => purpose)).toEqual(['account_invite'])
  })

  test('needs an administrator where no mail is set up, whoever asks', async () => {
    const w = await createWorld()
    await ann(w)

    for (const email of ['ann@example.org', 'nobody@example.org']) {
      const asked = await w.anonymous.call(accountLinks.askPasswordReset, { email })
      expect(asked).toEqual({ byMail: false })
    }
  })

  test('is asked for a few times only, for one address and from one', async () => {
    const w = await createWorld()
    await setUpMail(w)
    const ask = async (email: string, ip: string) => {
      const response = await w.send('/api/auth/password-reset', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cf-connecting-ip': ip },
        body: JSON.stringify({ email }),
      })
      return response.status
    }
    const perAccount: number[] = []
    const perAddress: number[] = []

    for (let n = 1; n <= 25; n += 1) {
      perAccount.push(await ask('nobody@example.org', `198.51.100.${n}`))
      perAddress.push(await ask(`nobody${n}@example.org`, '203.0.113.1'))
    }
    await w.settled()

    expect(perAccount.at(-1)).toBe(429)
    expect(perAddress.at(-1)).toBe(429)
    expect(perAccount.filter((status) => status === 200)).toHaveLength(5)
  })

  test('is mailed again with the same link when the first attempt failed', async () => {
    const w = await createWorld()
    await setUpMail(w)
    await ann(w)
    w.mail.will({ taken: false, fault: 'failed', said: '451 later' })
    w.mail.willTake()

    await w.anonymous.call(accountLinks.askPasswordReset, { email: 'ann@example.org' })
    await w.settled()
    const first = w.mail.link().href
    w.clock.advance(3 * 60_000)
    await runWatchdog(w.deps)

    expect(w.mail.attempts).toHaveLength(2)
    expect(w.mail.link().href).toBe(first)
    expect(await w.deps.db.select().from(oneTimeTokens)).toHaveLength(1)
  })

  test('leaves no other way in open: sign-ins that wait, login links and older links are void', async () => {
    const w = await createWorld()
    const person = await ann(w)
    const made = await w.operator.call(accountLinks.makePasswordReset, { userId: person.id })
    for (const purpose of ['two_factor', 'login_link', 'password_reset'] as const) {
      const order = { purpose, userId: person.id, payload: null, lastsMs: dayMs }
      await makeToken(w.deps.db, w.deps, order)
    }

    await w.anonymous.call(accountLinks.finishPasswordReset, {
      token: tokenOf(made.url),
      password: newPassword,
    })

    expect(await w.deps.db.select().from(oneTimeTokens)).toEqual([])
  })

  test('opens no account that has a second factor without it [S8]', async () => {
    const w = await createWorld()
    const person = await ann(w)
    await giveSecondFactor(w, person.id)
    const made = await w.operator.call(accountLinks.makePasswordReset, { userId: person.id })
    const given = { token: tokenOf(made.url), password: newPassword }

    await w.anonymous.call(accountLinks.finishPasswordReset, given)

    const login = { email: person.email, password: newPassword }
    expect((await w.anonymous.fails(auth.login, login)).code).toBe('second_factor_needed')
  })

  test('is helped with by who may change accounts, with all the rights of the account', async () => {
    const w = await createWorld()
    const helper = await clerkWith(w, ['user.update'])
    const [person, admin] = [await ann(w), await w.admin()]

    const made = await helper.call(accountLinks.makePasswordReset, { userId: person.id })
    const above = await helper.fails(accountLinks.makePasswordReset, { userId: admin.id })
    w.clock.advance(3_600_000)
    const late = { token: tokenOf(made.url), password }
    const expired = await w.anonymous.fails(accountLinks.finishPasswordReset, late)

    expect(made).toMatchObject({ mailed: false, url: expect.stringContaining('/new-password#') })
    expect(above.code).toBe('exceeds_your_rights')
    expect(expired.code).toBe('link_invalid')
  })
})
