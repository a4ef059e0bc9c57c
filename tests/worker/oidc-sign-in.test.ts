import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { oidc, oidcProviders } from '../../contract/api/oidc.ts'
import type { UserId } from '../../contract/ids.ts'
import { noPassword } from '../../worker/crypto.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { externalIdentities, oneTimeTokens } from '../../worker/db/schema/sign-in.ts'
import { createOidcGate } from '../../worker/oidc/gate.ts'
import { aProvider, type ProviderChange } from '../support/oidc-inputs.ts'
import { panelBrowser } from '../support/panel-browser.ts'
import { clientSecret, type Person, providerOfTest } from '../support/real-provider.ts'
import { createWorld } from '../support/world.ts'

const ann: Person = { sub: 'ann-1', email: 'Ann@Example.net', email_verified: true, name: 'Ann' }

/** A panel that knows one real provider. */
async function aPanel(change: ProviderChange = {}, person: Person | null = ann) {
  const w = await createWorld({ oidc: createOidcGate({ fetch, allowsPrivate: true }) })
  const idp = await providerOfTest(person)
  const { id: providerId } = await aProvider(w, {
    name: 'Example',
    issuer: idp.issuer,
    scopes: 'openid email profile groups',
    secret: clientSecret,
    ...change,
  })
  const link = async (userId: UserId, subject = ann.sub) => {
    await w.deps.db
      .insert(externalIdentities)
      .values({ providerId, subject, userId, createdAt: w.clock.now() })
  }
  return { w, idp, providerId, link, browser: panelBrowser(w) }
}

describe('signing in with a provider', () => {
  test('opens the account that is linked with whom the provider vouches for', async () => {
    const { w, providerId, link, browser } = await aPanel()
    const user = await w.user()
    await link(user.id)

    const signedIn = await browser.call(oidc.finish, await browser.goTo(providerId))

    expect(signedIn).toMatchObject({ id: user.id, email: user.email })
    expect(await browser.call(auth.me, {})).toMatchObject({ id: user.id })
    const [entry] = await w.deps.db.select().from(auditLog).where(eq(auditLog.action, 'auth.login'))
    expect(entry).toMatchObject({ actorId: user.id, after: { how: 'oidc' } })
  })

  test('works with a secret in the form, and for a public client', async () => {
    for (const [clientId, secret] of [['post', clientSecret], ['public']] as const) {
      const given = secret === undefined ? { clientSecret: null } : { secret }
      const { w, providerId, link, browser } = await aPanel({ clientId, ...given })
      const user = await w.user()
      await link(user.id)

      await browser.call(oidc.finish, await browser.goTo(providerId))

      expect(await browser.call(auth.me, {})).toMatchObject({ id: user.id })
    }
  })

  test('never opens an account by its e-mail address alone', async () => {
    const { w, providerId, browser } = await aPanel({ createsAccounts: true })
    await w.user({ email: 'ann@example.net' })

    const failure = await browser.fails(oidc.finish, await browser.goTo(providerId))

    expect(failure).toMatchObject({ status: 403, code: 'account_not_linked' })
    expect((await browser.fails(auth.me, {})).code).toBe('unauthenticated')
    expect(await w.deps.db.select().from(externalIdentities)).toEqual([])
  })

  test('makes an account where the provider is said to, and finds it again', async () => {
    const { w, idp, providerId, browser } = await aPanel({ createsAccounts: true })

    const first = await browser.call(oidc.finish, await browser.goTo(providerId))
    idp.person = { ...ann, email: 'ann.new@example.net' }
    const again = await browser.call(oidc.finish, await browser.goTo(providerId))

    expect(first).toMatchObject({ email: 'ann@example.net', name: 'Ann' })
    expect(first.roles.map(({ name }) => name)).toEqual(['User'])
    expect(again.id).toBe(first.id)
    const [row] = await w.deps.db.select().from(users).where(eq(users.id, first.id))
    expect(row?.passwordHash).toBe(noPassword)
  })

  test('makes none for an address that is not verified, or where it is not said to', async () => {
    for (const email_verified of [false, 'true', undefined]) {
      const person = { ...ann, email_verified }
      const { w, providerId, browser } = await aPanel({ createsAccounts: true }, person)

      const failure = await browser.fails(oidc.finish, await browser.goTo(providerId))

      expect(failure.code).toBe('email_not_verified')
      expect(await w.deps.db.select().from(users)).toEqual([])
    }
    const { providerId, browser } = await aPanel()
    const failure = await browser.fails(oidc.finish, await browser.goTo(providerId))
    expect(failure.code).toBe('account_not_linked')
  })

  test('does not open a disabled account, nor change its roles', async () => {
    const { w, providerId, link, browser } = await aPanel()
    const user = await w.user({ disabledAt: 1 })
    await link(user.id)

    const failure = await browser.fails(oidc.finish, await browser.goTo(providerId))

    expect(failure).toMatchObject({ status: 403, code: 'account_disabled' })
  })

  test('that was cancelled ends in a sentence, without what the provider says of it', async () => {
    const { w, providerId, browser } = await aPanel({}, null)

    const answer = await browser.goTo(providerId)
    const failure = await browser.fails(oidc.finish, answer)

    expect(answer).toMatchObject({ error: 'access_denied' })
    expect(failure).toMatchObject({ status: 403, code: 'provider_refused' })
    expect(failure.error).toContain('Example')
    expect(JSON.stringify(failure)).not.toContain('call this number')
    expect(await w.deps.db.select().from(oneTimeTokens)).toEqual([])
  })
})

describe('an attempt', () => {
  test('ends once: what came back opens nothing a second time', async () => {
    const { w, providerId, link, browser } = await aPanel()
    await link((await w.user()).id)
    const answer = await browser.goTo(providerId)

    await browser.call(oidc.finish, answer)
    const failure = await browser.fails(oidc.finish, answer)

    expect(failure).toMatchObject({ status: 401, code: 'sign_in_expired' })
  })

  test('ends once, also of two that come together', async () => {
    const { w, providerId, link, browser } = await aPanel()
    await link((await w.user()).id)
    const answer = await browser.goTo(providerId)
    const init = {
      method: 'POST',
      body: JSON.stringify(answer),
      headers: { 'content-type': 'application/json' },
    }

    const both = await Promise.all(
      [1, 2].map(async () => (await browser.send('/api/auth/oidc/finish', init)).status),
    )

    expect(both.sort()).toEqual([200, 401])
  })

  test('does not end in another browser, and goes on in its own', async () => {
    const { w, providerId, link, browser } = await aPanel()
    await link((await w.user()).id)
    const answer = await browser.goTo(providerId)
    const bare = panelBrowser(w)
    const marked = panelBrowser(w)
    await marked.goTo(providerId)

    for (const other of [bare, marked]) {
      expect((await other.fails(oidc.finish, answer)).code).toBe('sign_in_expired')
      expect((await other.fails(auth.me, {})).code).toBe('unauthenticated')
    }
    await browser.call(oidc.finish, answer)
  })

  test('does not end with a state that nobody began, or with another attempt’s code', async () => {
    const { w, idp, providerId, link, browser } = await aPanel()
    await link((await w.user()).id)
    const one = await browser.goTo(providerId)
    const two = await browser.goTo(providerId)
    const mixed = { ...one, ...(two.code === undefined ? {} : { code: two.code }) }

    const strange = await browser.fails(oidc.finish, { ...one, state: 'made-up' })
    const crossed = await browser.fails(oidc.finish, mixed)

    expect(strange.code).toBe('sign_in_expired')
    // The code was given for another verifier.
    expect(crossed.code).toBe('sign_in_expired')
    expect(idp.asked.at(-1)).toBe('/token')
  })

  test('does not last longer than ten minutes', async () => {
    const { w, providerId, link, browser } = await aPanel()
    await link((await w.user()).id)
    const answer = await browser.goTo(providerId)

    w.clock.advance(10 * 60_000)

    expect((await browser.fails(oidc.finish, answer)).code).toBe('sign_in_expired')
  })

  test('does not end after its provider was switched off', async () => {
    const { w, providerId, link, browser } = await aPanel()
    const admin = await w.admin()
    await link((await w.user()).id)
    const answer = await browser.goTo(providerId)

    await admin.call(oidcProviders.update, { providerId, enabled: false })

    expect((await browser.fails(oidc.finish, answer)).code).toBe('sign_in_expired')
    expect((await browser.fails(oidc.begin, { providerId })).code).toBe('not_found')
  })

  test('leaves neither nonce nor verifier in the database', async () => {
    const { w, providerId, browser } = await aPanel()

    const { url } = await browser.call(oidc.begin, { providerId })

    const { searchParams } = new URL(url)
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'panel',
      redirect_uri: 'http://localhost/sign-in/oidc',
      code_challenge_method: 'S256',
    })
    const kept = JSON.stringify(await w.deps.db.select().from(oneTimeTokens))
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const value = searchParams.get(name) ?? ''
      expect(value).toMatch(/^[\w-]{43}$/)
      expect(kept).not.toContain(value)
    }
  })

  test('marks the browser with a cookie that no script and no other site gets', async () => {
    const { w, providerId } = await aPanel()
    const body = JSON.stringify({})
    const headers = { 'content-type': 'application/json' }

    const answer = await w.send(`/api/auth/oidc/${providerId}/begin`, {
      method: 'POST',
      body,
      headers,
    })

    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-catalyst-browser=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    )
  })
})
