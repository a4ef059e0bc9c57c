import { describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { users } from '../../contract/api/accounts.ts'
import { settings } from '../../contract/api/settings.ts'
import { twoFactor } from '../../contract/api/two-factor.ts'
import type { ProviderId } from '../../contract/ids.ts'
import { allPermissions } from '../../contract/permissions.ts'
import { noPassword } from '../../worker/crypto.ts'
import { externalIdentities, oidcProviders } from '../../worker/db/schema/sign-in.ts'
import { newId } from '../../worker/services/context.ts'
import { ann, clerkWith, giveSecondFactor, password, tokenOf } from '../support/account-links.ts'
import { setUpMail, smtp } from '../support/mail-settings.ts'
import { createWorld, type World } from '../support/world.ts'
import { clientOf } from '../support/world-client.ts'
import { addKey } from '../support/world-keys.ts'

/** Somebody who signs in with a provider and has no password. */
async function byProvider(w: World) {
  const bob = await w.user({ passwordHash: noPassword })
  const providerId = newId<ProviderId>(w.deps)
  const createdAt = w.clock.now()
  await w.deps.db.insert(oidcProviders).values({
    id: providerId,
    name: 'Example',
    issuer: 'https://id.example.org',
    clientId: 'panel',
    scopes: 'openid email',
    claimRules: [],
    createsAccounts: true,
    enabled: true,
    createdAt,
  })
  const identity = { providerId, subject: 'bob', userId: bob.id, createdAt }
  await w.deps.db.insert(externalIdentities).values(identity)
  return bob
}

describe('who may invite', () => {
  test('gets no link to an account that is in use with a provider or a passkey alone', async () => {
    const w = await createWorld()
    const clerk = await clerkWith(w, ['user.create'])
    const withProvider = await byProvider(w)
    const withPasskey = await w.user({ passwordHash: noPassword })
    await giveSecondFactor(w, withPasskey.id)

    for (const { id } of [withProvider, withPasskey]) {
      const refused = await clerk.fails(accountLinks.inviteAgain, { userId: id })
      expect(refused).toMatchObject({ status: 409, code: 'already_in_use' })
    }
  })
})

describe('a new e-mail address of an account', () => {
  test('makes every link void that went to the old one', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const made = await admin.call(accountLinks.invite, { email: 'tpyo@example.org', name: 'Bob' })
    const { id } = await ann(w)
    const reset = await admin.call(accountLinks.makePasswordReset, { userId: id })

    await admin.call(users.update, { userId: made.user.id, email: 'typo@example.org' })
    await admin.call(users.update, { userId: id, email: 'new@example.org' })

    const invite = await w.anonymous.fails(accountLinks.acceptInvite, {
      token: tokenOf(made.url),
      password,
    })
    const set = await w.anonymous.fails(accountLinks.finishPasswordReset, {
      token: tokenOf(reset.url),
      password,
    })
    expect([invite.code, set.code]).toEqual(['link_invalid', 'link_invalid'])
  })

  test('leaves links alone when something else changes', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const made = await admin.call(accountLinks.invite, { email: 'bob@example.org', name: 'Bob' })

    await admin.call(users.update, {
      userId: made.user.id,
      name: 'Bobby',
      email: 'bob@example.org',
    })

    const shown = await w.anonymous.call(accountLinks.previewInvite, { token: tokenOf(made.url) })
    expect(shown).toEqual({ email: 'bob@example.org', name: 'Bobby' })
  })
})

describe('where mail goes', () => {
  test('is set by nobody who lacks what an account here holds: its links would come to them', async () => {
    const w = await createWorld()
    await w.admin()
    await setUpMail(w)
    const clerk = await clerkWith(w, ['settings.read', 'settings.update'])
    const { password: _same, ...mail } = smtp

    for (const change of [
      { ...mail, host: 'smtp.evil.example', password: 'mine' },
      { ...mail, panelUrl: 'https://panel.evil.example' },
    ]) {
      const refused = await clerk.fails(settings.update, { mail: change })
      expect(refused).toMatchObject({ status: 403, code: 'exceeds_your_rights' })
      expect(refused.details).toMatchObject({ missing: expect.arrayContaining(['user.update']) })
    }
    const same = await clerk.call(settings.update, { mail, audit: { keptDays: 10 } })
    expect(same.audit.keptDays).toBe(10)
  })

  test('is set by a clerk where nobody else holds more', async () => {
    const w = await createWorld()
    const clerk = await clerkWith(w, ['settings.read', 'settings.update'])

    await clerk.call(settings.update, { mail: smtp })
  })
})

describe('an API key', () => {
  test('changes nothing of the account that it belongs to, not even one with all of its rights', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { key } = await addKey(w, admin.id, allPermissions)
    const script = clientOf(w.send, { 'x-api-key': key })
    const { id: userId } = admin

    const refusals = [
      await script.fails(accountLinks.makeLoginLink, { userId }),
      await script.fails(accountLinks.makePasswordReset, { userId, byMail: false }),
      await script.fails(users.update, { userId, email: 'thief@example.org' }),
      await script.fails(users.update, { userId, password: 'a password of mine' }),
      await script.fails(users.setRoles, { userId, roleIds: [] }),
      await script.fails(twoFactor.reset, { userId }),
      await script.fails(users.delete, { userId }),
    ]

    expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => 'forbidden'))
    const other = await w.user()
    await script.call(users.update, { userId: other.id, name: 'Changed' })
  })
})

describe('an administrator’s own account', () => {
  test('keeps password and second factor, where the page of the account asks for the old ones', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: userId } = admin
    await giveSecondFactor(w, userId)

    const refusals = [
      await admin.fails(users.update, { userId, password: 'a password of mine' }),
      await admin.fails(twoFactor.reset, { userId }),
      await admin.fails(accountLinks.makePasswordReset, { userId, byMail: false }),
    ]

    expect(refusals.map(({ code }) => code)).toEqual(['forbidden', 'forbidden', 'forbidden'])
    await admin.call(users.update, { userId, name: 'Myself' })
  })
})
