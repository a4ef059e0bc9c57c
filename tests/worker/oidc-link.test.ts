import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { identities, oidc } from '../../contract/api/oidc.ts'
import { hashPassword, noPassword } from '../../worker/crypto.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { externalIdentities } from '../../worker/db/schema/sign-in.ts'
import { createOidcGate } from '../../worker/oidc/gate.ts'
import { aProvider } from '../support/oidc-inputs.ts'
import { panelBrowser } from '../support/panel-browser.ts'
import { clientSecret, providerOfTest } from '../support/real-provider.ts'
import { createWorld } from '../support/world.ts'

const currentPassword = 'the password so far'

async function aPanel() {
  const w = await createWorld({ oidc: createOidcGate({ fetch, allowsPrivate: true }) })
  const idp = await providerOfTest({ sub: 'ann-1' })
  const { id: providerId } = await aProvider(w, {
    name: 'Example',
    issuer: idp.issuer,
    secret: clientSecret,
  })
  const passwordHash = await hashPassword(currentPassword, w.deps.rng.bytes(16))
  /** Somebody whose browser is at the provider. */
  const person = async () => {
    const user = await w.user({ passwordHash })
    const begun = async () => {
      const { url } = await user.call(identities.begin, { providerId, currentPassword })
      return panelBrowser(w).visit(url)
    }
    return { ...user, begun }
  }
  return { w, idp, providerId, person, browser: panelBrowser(w) }
}

describe('linking an account with a provider', () => {
  test('opens it by that provider from then on, until the link is ended', async () => {
    const { w, providerId, person, browser } = await aPanel()
    const ann = await person()

    const linked = await ann.call(identities.finish, await ann.begun())

    expect(linked.provider).toEqual({ id: providerId, name: 'Example' })
    expect(await ann.call(identities.list, {})).toEqual([linked])
    const signedIn = await browser.call(oidc.finish, await browser.goTo(providerId))
    expect(signedIn.id).toBe(ann.id)

    await ann.call(identities.unlink, { providerId })

    expect(await ann.call(identities.list, {})).toEqual([])
    const failure = await browser.fails(oidc.finish, await browser.goTo(providerId))
    expect(failure.code).toBe('account_not_linked')
    const actions = (await w.deps.db.select().from(auditLog)).map(({ action }) => action)
    expect(actions).toEqual([
      'auth.begin_link_identity',
      'auth.link_identity',
      'auth.login',
      'auth.unlink_identity',
    ])
  })

  test('asks for the password: a stolen session leaves no way in behind', async () => {
    const { w, providerId, person } = await aPanel()
    const ann = await person()

    for (const given of [{}, { currentPassword: 'wrong' }]) {
      const failure = await ann.fails(identities.begin, { providerId, ...given })
      expect(failure.code).toBe('wrong_password')
    }
    await w.deps.db.update(users).set({ passwordHash: noPassword }).where(eq(users.id, ann.id))
    await ann.call(identities.begin, { providerId })
  })

  test('ends in the session that it began in, and in no other', async () => {
    const { w, providerId, person, browser } = await aPanel()
    const ann = await person()
    const eve = await person()
    const answer = await eve.begun()
    const [email, password] = [ann.email, currentPassword]
    const elsewhere = panelBrowser(w)
    await elsewhere.call(auth.login, { email, password })
    const own = await ann.begun()

    // Eve has Ann open the address that Eve's browser was sent back to, and the other way round.
    expect((await ann.fails(identities.finish, answer)).code).toBe('sign_in_expired')
    expect((await eve.fails(identities.finish, own)).code).toBe('sign_in_expired')
    expect((await elsewhere.fails(identities.finish, own)).code).toBe('sign_in_expired')
    // Neither kind of attempt ends as the other.
    expect((await browser.fails(oidc.finish, own)).code).toBe('sign_in_expired')
    const signIn = await browser.goTo(providerId)
    expect((await ann.fails(identities.finish, signIn)).code).toBe('sign_in_expired')
    expect(await w.deps.db.select().from(externalIdentities)).toEqual([])
    await ann.call(identities.finish, own)
  })

  test('gives each person of a provider one account, and each account one of its people', async () => {
    const { idp, providerId, person } = await aPanel()
    const ann = await person()
    const bob = await person()
    await ann.call(identities.finish, await ann.begun())

    expect((await bob.fails(identities.finish, await bob.begun())).code).toBe('identity_taken')
    const again = await ann.call(identities.finish, await ann.begun())
    expect(again.provider.id).toBe(providerId)
    idp.person = { sub: 'ann-2' }
    expect((await ann.fails(identities.finish, await ann.begun())).code).toBe('limit_reached')
  })

  test('cannot be undone where it is the only way in', async () => {
    const { w, providerId, person } = await aPanel()
    const ann = await person()
    await ann.call(identities.finish, await ann.begun())
    await w.deps.db.update(users).set({ passwordHash: noPassword }).where(eq(users.id, ann.id))

    const failure = await ann.fails(identities.unlink, { providerId })

    expect(failure).toMatchObject({ status: 409, code: 'only_way_in' })
    expect(await ann.call(identities.list, {})).toHaveLength(1)
  })

  test('does not work without a session', async () => {
    const { w, providerId, browser } = await aPanel()

    expect((await w.operator.fails(identities.list, {})).code).toBe('not_found')
    expect((await browser.fails(identities.begin, { providerId })).code).toBe('unauthenticated')
  })
})
