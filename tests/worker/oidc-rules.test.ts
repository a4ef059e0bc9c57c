import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { oidc, oidcProviders } from '../../contract/api/oidc.ts'
import type { RoleId, UserId } from '../../contract/ids.ts'
import { builtinRoles, type Permission } from '../../contract/permissions.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { roles, userRoles } from '../../worker/db/schema/rights.ts'
import {
  externalIdentities,
  oidcProviders as oidcProvidersTable,
  passkeys,
} from '../../worker/db/schema/sign-in.ts'
import { createOidcGate } from '../../worker/oidc/gate.ts'
import { newId } from '../../worker/services/context.ts'
import { aProvider, type ProviderChange } from '../support/oidc-inputs.ts'
import { panelBrowser } from '../support/panel-browser.ts'
import { clientSecret, providerOfTest } from '../support/real-provider.ts'
import { createWorld, type World } from '../support/world.ts'

const administrator = builtinRoles.administrator.id
const support = builtinRoles.support.id
const user = builtinRoles.user.id

async function aPanel(claimRules: ProviderChange['claimRules'] = []) {
  const w = await createWorld({ oidc: createOidcGate({ fetch, allowsPrivate: true }) })
  const idp = await providerOfTest({ sub: 'ann-1' })
  const provider = await aProvider(w, {
    name: 'Example',
    issuer: idp.issuer,
    secret: clientSecret,
    scopes: 'openid email profile groups',
    claimRules,
  })
  const ann = await w.rows.user({ name: 'Ann' })
  const link = { providerId: provider.id, subject: 'ann-1', userId: ann.id, createdAt: 0 }
  await w.deps.db.insert(externalIdentities).values(link)
  const browser = panelBrowser(w)
  return {
    w,
    idp,
    ann,
    browser,
    /** Signs in with what the provider says now. @returns the roles then */
    rolesAfter: async (claims: Record<string, unknown>) => {
      idp.person = { sub: 'ann-1', ...claims }
      await browser.call(oidc.finish, await browser.goTo(provider.id))
      const me = await browser.call(auth.me, {})
      return me.roles.map(({ name }) => name).sort()
    },
  }
}

async function aRole(w: World, name: string, permissions: readonly Permission[]) {
  const id = newId<RoleId>(w.deps)
  const times = { createdAt: 0, updatedAt: 0 }
  await w.deps.db.insert(roles).values({ id, name, nameKey: name, permissions, ...times })
  return id
}

describe('at each sign-in', () => {
  test('roles that rules name are given and taken as the claims say, others stay', async () => {
    const { w, ann, rolesAfter } = await aPanel([
      { claim: 'groups', value: 'helpdesk', roleId: support },
      { claim: 'realm_access.roles', value: 'panel-admin', roleId: administrator },
    ])
    await w.admin()
    const own = await aRole(w, 'Own', ['node.read'])
    await w.deps.db.insert(userRoles).values({ userId: ann.id, roleId: own })

    const asHelper = await rolesAfter({ groups: ['helpdesk', 'staff'] })
    const asAdmin = await rolesAfter({ groups: 'staff', realm_access: { roles: ['panel-admin'] } })
    const asNobody = await rolesAfter({})

    expect(asHelper).toEqual(['Own', 'Support', 'User'])
    expect(asAdmin).toEqual(['Administrator', 'Own', 'User'])
    expect(asNobody).toEqual(['Own', 'User'])
  })

  test('a change of roles is written down, and a sign-in without one is not', async () => {
    const { w, ann, rolesAfter } = await aPanel([
      { claim: 'groups', value: 'helpdesk', roleId: support },
    ])

    await rolesAfter({ groups: ['helpdesk'] })
    await rolesAfter({ groups: ['helpdesk'] })

    const entries = await w.deps.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.action, 'auth.set_roles'))
    expect(entries).toMatchObject([
      {
        actorId: ann.id,
        targetId: ann.id,
        before: { roles: ['User'] },
        after: { roles: ['Support', 'User'], provider: 'Example' },
      },
    ])
  })

  test('what is taken is gone from sessions and consoles that are open', async () => {
    const { w, ann, rolesAfter } = await aPanel([
      { claim: 'groups', value: 'helpdesk', roleId: support },
    ])
    const node = await w.addNode()
    await rolesAfter({ groups: ['helpdesk'] })
    const before = w.node(node.id).shownOut.length

    await rolesAfter({})

    expect(before).toBe(0)
    expect(w.node(node.id).shownOut).toEqual([ann.id])
  })

  test('the last administrator stays one, and of two one may go', async () => {
    const { w, ann, rolesAfter } = await aPanel([
      { claim: 'groups', value: 'admins', roleId: administrator },
      { claim: 'groups', value: 'helpdesk', roleId: support },
    ])
    await w.deps.db.insert(userRoles).values({ userId: ann.id, roleId: administrator })
    const disabled = await w.rows.user({ role: 'administrator', disabledAt: 1 })

    expect(await rolesAfter({ groups: ['helpdesk'] })).toEqual(['Administrator', 'Support', 'User'])
    await w.deps.db.update(users).set({ disabledAt: null }).where(eq(users.id, disabled.id))
    expect(await rolesAfter({ groups: ['helpdesk'] })).toEqual(['Support', 'User'])
  })

  test('a rule for a role that is gone by now gives nothing', async () => {
    const gone = '01900000-0000-7000-8000-00000000dead'
    const { rolesAfter } = await aPanel([
      { claim: 'groups', value: 'a', roleId: gone },
      { claim: 'groups', value: 'a', roleId: user },
    ])

    expect(await rolesAfter({ groups: ['a'] })).toEqual(['User'])
    expect(await rolesAfter({ groups: ['b'] })).toEqual([])
  })

  test('a second factor is still asked for, of who has one', async () => {
    const { w, idp, ann, browser } = await aPanel([
      { claim: 'groups', value: 'helpdesk', roleId: support },
    ])
    await w.deps.db.insert(passkeys).values({
      id: 'a-passkey',
      userId: ann.id,
      name: 'Key',
      publicKey: '',
      counter: 0,
      transports: [],
      createdAt: 0,
    })
    const [provider] = await browser.call(oidc.providers, {})
    if (provider === undefined) throw new Error('no provider')

    idp.person = { sub: 'ann-1', groups: ['helpdesk'] }
    const back = await browser.goTo(provider.id)
    await w.settled()
    let rings = 0
    await w.deps.bell.listen(
      () => {
        rings += 1
      },
      () => undefined,
    )
    const failure = await browser.fails(oidc.finish, back)

    expect(failure).toMatchObject({ status: 401, code: 'second_factor_needed' })
    expect(rings, 'open streams look again, since the roles are others').toBe(1)
    expect((await browser.fails(auth.me, {})).code).toBe('unauthenticated')
  })
})

describe('a rule', () => {
  const given = { name: 'Example', issuer: 'https://id.example.com', clientId: 'panel' }
  const rule = (roleId: RoleId) => [{ claim: 'groups', value: 'x', roleId }]

  test('can be set, kept or taken away only by who holds all that its role gives', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const clerk = await aPerson(w, ['settings.read', 'settings.update', 'node.read'])
    const small = await aRole(w, 'Small', ['node.read'])
    const made = await admin.call(oidcProviders.create, {
      ...given,
      claimRules: rule(administrator),
    })
    const { id: providerId } = made

    const refusals = [
      await clerk.fails(oidcProviders.create, { ...given, claimRules: rule(administrator) }),
      await clerk.fails(oidcProviders.update, { providerId, claimRules: [] }),
      await clerk.fails(oidcProviders.update, { providerId, clientId: 'mine' }),
      await clerk.fails(oidcProviders.delete, { providerId }),
    ]
    const own = await clerk.call(oidcProviders.create, {
      ...given,
      name: 'Theirs',
      claimRules: rule(small),
    })

    expect(refusals.map(({ code }) => code)).toEqual(Array(4).fill('exceeds_your_rights'))
    expect(own.claimRules).toEqual(rule(small))
    const more = { providerId: own.id, claimRules: rule(administrator) }
    expect((await clerk.fails(oidcProviders.update, more)).code).toBe('exceeds_your_rights')
  })

  test('that makes accounts can be set only by who may make them', async () => {
    const w = await createWorld()
    const clerk = await aPerson(w, ['settings.update'])

    const failure = await clerk.fails(oidcProviders.create, { ...given, createsAccounts: true })

    expect(failure.code).toBe('forbidden')
  })

  test('gives only a role that exists', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const gone = '01900000-0000-7000-8000-00000000dead' as RoleId

    const failure = await admin.fails(oidcProviders.create, { ...given, claimRules: rule(gone) })

    expect(failure).toMatchObject({ code: 'invalid_input', details: [{ path: ['claimRules'] }] })
  })
})

describe('a provider', () => {
  const given = { name: 'Example', issuer: 'https://id.example.com', clientId: 'panel' }

  test('keeps its secret sealed: it is in no answer, no log and nowhere in the database', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const secrets = ['the first secret', 'the second secret']

    const made = await admin.call(oidcProviders.create, { ...given, clientSecret: secrets[0] })
    const { id: providerId } = made
    const changed = await admin.call(oidcProviders.update, { providerId, clientSecret: secrets[1] })
    const open = await admin.call(oidcProviders.update, { providerId, clientSecret: null })

    expect([made, changed, open].map(({ hasSecret }) => hasSecret)).toEqual([true, true, false])
    const told = JSON.stringify([
      await w.deps.db.select().from(auditLog),
      await w.deps.db.select().from(oidcProvidersTable),
      await admin.call(oidcProviders.list, {}),
      w.logged,
    ])
    for (const secret of secrets) expect(told).not.toContain(secret)
    expect(told).toContain('"clientSecret":"set"')
  })

  test('is spoken for with the secret that was set', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const made = await admin.call(oidcProviders.create, { ...given, clientSecret: 'a secret' })
    w.oidc.answers.begin = { ok: true, value: { url: 'https://id.example.com/authorize' } }

    await w.anonymous.call(oidc.begin, { providerId: made.id })

    expect(w.oidc.asked).toMatchObject([{ clientSecret: 'a secret', clientId: 'panel' }])
  })

  test('has a name of its own, and an issuer that is fit to be one', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await admin.call(oidcProviders.create, given)

    expect((await admin.fails(oidcProviders.create, given)).code).toBe('name_taken')
    for (const issuer of ['ftp://a.example', 'https://a@b.example', 'https://a.example?x', 'a']) {
      const failure = await admin.fails(oidcProviders.create, { ...given, name: 'B', issuer })
      expect(failure.code, issuer).toBe('invalid_input')
    }
    const scopes = await admin.fails(oidcProviders.create, { ...given, name: 'B', scopes: 'email' })
    expect(scopes.code).toBe('invalid_input')
  })

  test('that is switched off is told to nobody but who may see settings', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id, name } = await admin.call(oidcProviders.create, given)
    await admin.call(oidcProviders.create, { ...given, name: 'Off', enabled: false })

    expect(await w.anonymous.call(oidc.providers, {})).toEqual([{ id, name }])
    expect(await admin.call(oidcProviders.list, {})).toHaveLength(2)
  })
})

/** Somebody with a role of just these rights. */
async function aPerson(w: World, permissions: readonly Permission[]) {
  const person = await w.user()
  const roleId = await aRole(w, `Of ${person.id}`, permissions)
  await setRoles(w, person.id, [roleId])
  return person
}

async function setRoles(w: World, userId: UserId, ids: readonly RoleId[]): Promise<void> {
  await w.deps.db.delete(userRoles).where(eq(userRoles.userId, userId))
  await w.deps.db.insert(userRoles).values(ids.map((roleId) => ({ userId, roleId })))
}
