import { describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth, users } from '../../contract/api/accounts.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { actions, clerkWith, dayMs, password, tokenOf } from '../support/account-links.ts'
import { panelUrl, setUpMail } from '../support/mail-settings.ts'
import { createWorld, origin } from '../support/world.ts'

describe('an invitation', () => {
  const invited = { email: 'bob@example.org', name: 'Bob' }

  test('makes an account that its link alone opens: who accepts sets the password and is in', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    const made = await admin.call(accountLinks.invite, invited)
    const before = await w.anonymous.fails(auth.login, { email: invited.email, password: 'none' })
    const token = tokenOf(made.url)
    const preview = await w.anonymous.call(accountLinks.previewInvite, { token })
    const accepted = await w.anonymous.call(accountLinks.acceptInvite, { token, password })

    expect(made).toMatchObject({ mailed: false, user: { hasPassword: false, ...invited } })
    expect(made.url).toContain(`${origin}/accept-invite#`)
    expect(Date.parse(made.expiresAt) - w.clock.now()).toBe(7 * dayMs)
    expect(made.user.invitedUntil).toBe(made.expiresAt)
    expect(before.code).toBe('invalid_credentials')
    expect(preview).toEqual(invited)
    expect(accepted).toMatchObject({ ...invited, roles: [{ name: 'User' }] })
    await w.anonymous.call(auth.login, { email: invited.email, password })
    const list = await admin.page(users.list, {})
    expect(list.items.at(-1)).toMatchObject({ hasPassword: true, invitedUntil: null })
    expect(await actions(w)).toEqual([
      'auth.accept_invite',
      'auth.login',
      'auth.login',
      'auth.login_failed',
      'user.invite',
    ])
  })

  test('is mailed where mail is set up, to an address of the panel that is a setting', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    await setUpMail(w)
    w.mail.willTake()

    const made = await admin.call(accountLinks.invite, invited)
    await w.settled()
    const own = await admin.call(accountLinks.invite, {
      email: 'cid@example.org',
      name: 'Cid',
      byMail: false,
    })

    expect(made).toMatchObject({ mailed: true, url: null })
    expect(w.mail.to()).toEqual([invited.email])
    expect(w.mail.link().href).toContain(`${panelUrl}/accept-invite#`)
    expect(own).toMatchObject({ mailed: false, url: expect.stringContaining(origin) })
    const token = tokenOf(w.mail.link())
    await w.anonymous.call(accountLinks.acceptInvite, { token, password, name: 'Robert' })
    const list = await admin.page(users.list, {})
    expect(list.items.map(({ name }) => name)).toContain('Robert')
  })

  test('works once, of many that try at the same time, and not after a week', async () => {
    const w = await createWorld()
    const token = tokenOf((await w.operator.call(accountLinks.invite, invited)).url)
    const accept = () =>
      w.anonymous.send('/api/auth/invites/accept', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, password }),
      })

    const replies = await Promise.all(Array.from({ length: 5 }, accept))

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403])
    const again = await w.operator.call(accountLinks.invite, { email: 'd@example.org', name: 'D' })
    w.clock.advance(7 * dayMs)
    const late = { token: tokenOf(again.url) }
    expect((await w.anonymous.fails(accountLinks.previewInvite, late)).code).toBe('link_invalid')
    const accepted = await w.anonymous.fails(accountLinks.acceptInvite, { ...late, password })
    expect(accepted.code).toBe('link_invalid')
  })

  test('that is made again voids the one before, and is for nobody who has a password', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const first = await admin.call(accountLinks.invite, invited)
    const { id: userId } = first.user

    const second = await admin.call(accountLinks.inviteAgain, { userId })

    const void_ = await w.anonymous.fails(accountLinks.previewInvite, { token: tokenOf(first.url) })
    expect(void_.code).toBe('link_invalid')
    await w.anonymous.call(accountLinks.acceptInvite, { token: tokenOf(second.url), password })
    const refused = await admin.fails(accountLinks.inviteAgain, { userId })
    expect(refused.code).toBe('has_password')
  })

  test('gives no role that the inviter may not give, and does not open what was closed meanwhile', async () => {
    const w = await createWorld()
    const clerk = await clerkWith(w, ['user.create'])
    const roleIds = [builtinRoles.administrator.id]
    const greedy = await clerk.fails(accountLinks.invite, { ...invited, roleIds })
    expect(greedy.code).toBe('forbidden')
    expect((await clerk.fails(accountLinks.invite, { ...invited, email: clerk.email })).code).toBe(
      'email_taken',
    )

    const made = await clerk.call(accountLinks.invite, invited)
    const { id: userId } = made.user
    await w.admin()
    await w.operator.call(users.setRoles, { userId, roleIds })
    const promoted = await clerk.fails(accountLinks.inviteAgain, { userId })
    await w.operator.call(users.update, { userId, disabled: true })
    const closed = await w.anonymous.fails(accountLinks.previewInvite, { token: tokenOf(made.url) })
    await w.operator.call(users.update, { userId, disabled: false, password: 'set by the admin' })
    const set = await w.anonymous.fails(accountLinks.acceptInvite, {
      token: tokenOf(made.url),
      password,
    })

    expect(promoted.code).toBe('exceeds_your_rights')
    expect([closed.code, set.code]).toEqual(['link_invalid', 'link_invalid'])
  })
})
