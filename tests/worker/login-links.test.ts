import { describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { users } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import type { Permission } from '../../contract/permissions.ts'
import type { TokenPurpose } from '../../worker/db/schema/sign-in.ts'
import { makeToken } from '../../worker/services/auth/one-time-tokens.ts'
import {
  actions,
  ann,
  clerkWith,
  dayMs,
  giveSecondFactor,
  password,
  tokenOf,
} from '../support/account-links.ts'
import { dumpTables } from '../support/dump-tables.ts'
import { setUpMail } from '../support/mail-settings.ts'
import { createWorld, origin, type World } from '../support/world.ts'

describe('a login link', () => {
  const billing: readonly Permission[] = ['user.login_link']

  test('signs its account in once, within a minute', async () => {
    const w = await createWorld()
    const person = await ann(w)
    const clerk = await clerkWith(w, billing)

    const made = await clerk.call(accountLinks.makeLoginLink, { userId: person.id })
    const token = tokenOf(made.url)
    const use = () =>
      w.anonymous.send('/api/auth/login-link', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    const replies = await Promise.all([use(), use(), use()])
    const late = await clerk.call(accountLinks.makeLoginLink, { userId: person.id })
    w.clock.advance(60_000)
    const expired = await w.anonymous.fails(accountLinks.useLoginLink, { token: tokenOf(late.url) })

    expect(made.url).toContain(`${origin}/login-link#`)
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 403, 403])
    const taken = replies.find(({ status }) => status === 200)
    expect(taken?.headers.get('set-cookie')).toContain('HttpOnly')
    const signedIn = taken === undefined ? null : await taken.json()
    expect(signedIn).toMatchObject({ data: { id: person.id } })
    expect(expired.code).toBe('link_invalid')
    const [newest, ...others] = (await w.operator.page(audit.list, { action: 'auth.*' })).items
    expect(newest).toMatchObject({ actorId: person.id, after: { how: 'login_link' } })
    expect(others).toEqual([])
    const [link] = (await w.operator.page(audit.list, { action: 'user.login_link' })).items
    expect(link).toMatchObject({ actorId: clerk.id, targetId: person.id })
  })

  test('does not stand in for a second factor', async () => {
    const w = await createWorld()
    const person = await ann(w)
    await giveSecondFactor(w, person.id)
    const { url } = await w.operator.call(accountLinks.makeLoginLink, { userId: person.id })
    const token = tokenOf(url)

    const waiting = await w.anonymous.fails(accountLinks.useLoginLink, { token })

    expect(waiting).toMatchObject({
      code: 'second_factor_needed',
      details: { methods: ['passkey'] },
    })
    const again = await w.anonymous.fails(accountLinks.useLoginLink, { token })
    expect(again.code).toBe('link_invalid')
  })

  test('is made for nobody who may more than its maker, or is disabled, now or then', async () => {
    const w = await createWorld()
    const clerk = await clerkWith(w, billing)
    const [admin, person] = [await w.admin(), await ann(w)]
    const made = await clerk.call(accountLinks.makeLoginLink, { userId: person.id })

    await w.operator.call(users.update, { userId: person.id, disabled: true })
    const token = tokenOf(made.url)

    expect((await clerk.fails(accountLinks.makeLoginLink, { userId: admin.id })).code).toBe(
      'exceeds_your_rights',
    )
    expect((await clerk.fails(accountLinks.makeLoginLink, { userId: person.id })).code).toBe(
      'account_disabled',
    )
    expect(['link_invalid', 'account_disabled']).toContain(
      (await w.anonymous.fails(accountLinks.useLoginLink, { token })).code,
    )
  })
})

describe('[S3] the token of a link', () => {
  test('opens what it was made for and nothing else', async () => {
    const purposes = [
      'account_invite',
      'password_reset',
      'login_link',
      'two_factor',
      'oidc',
    ] as const
    const doors = {
      account_invite: (w: World, token: string) =>
        w.anonymous.fails(accountLinks.acceptInvite, { token, password }),
      password_reset: (w: World, token: string) =>
        w.anonymous.fails(accountLinks.finishPasswordReset, { token, password }),
      login_link: (w: World, token: string) =>
        w.anonymous.fails(accountLinks.useLoginLink, { token }),
    } as const satisfies Partial<Record<TokenPurpose, unknown>>
    const w = await createWorld()
    const { user } = await w.operator.call(accountLinks.invite, {
      email: 'b@example.org',
      name: 'B',
    })
    for (const [door, knock] of Object.entries(doors)) {
      for (const purpose of purposes) {
        if (purpose === door) continue
        const order = { purpose, userId: user.id, payload: null, lastsMs: dayMs }
        const { token } = await makeToken(w.deps.db, w.deps, order)

        expect((await knock(w, token)).code, `${purpose} at ${door}`).toBe('link_invalid')
      }
      expect((await knock(w, 'guess')).code).toBe('link_invalid')
    }

    expect(await actions(w)).toEqual(['user.invite'])
  })

  test('is in no log and no audit entry, and in the database as a hash', async () => {
    const w = await createWorld()
    const person = await ann(w)
    await setUpMail(w)
    w.mail.willTake()
    const [reset, login] = [
      await w.operator.call(accountLinks.makePasswordReset, { userId: person.id, byMail: false }),
      await w.operator.call(accountLinks.makeLoginLink, { userId: person.id }),
    ]
    await w.operator.call(accountLinks.invite, { email: 'b@example.org', name: 'B' })
    await w.settled()
    const entries = await w.operator.page(audit.list, {})

    const everything = JSON.stringify([entries, w.logged, await dumpTables(w.deps.db)])

    for (const url of [reset.url, login.url, w.mail.link().href]) {
      expect(everything).not.toContain(tokenOf(url))
    }
  })
})
