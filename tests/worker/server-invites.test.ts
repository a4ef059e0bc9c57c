import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { settings } from '../../contract/api/settings.ts'
import { invites, subUsers } from '../../contract/api/sub-users.ts'
import { serverInvites } from '../../worker/db/schema/rights.ts'
import { deleteExpired } from '../../worker/services/watchdog/tidy.ts'
import { origin } from '../support/world.ts'
import { sharedServer, tokenIn } from './shared-server.ts'

const dayMs = 24 * 3_600_000

describe('an invitation', () => {
  test('gives an account what it names, once', async () => {
    const { w, admin, serverId, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email)

    w.clock.advance(1)
    const accepted = await guest.call(invites.accept, { token })
    const again = await guest.fails(invites.accept, { token })

    expect(accepted).toEqual({ serverId })
    expect((await guest.call(servers.get, { serverId })).permissions).toEqual([
      'server.read',
      'server.start',
    ])
    expect(again.code).toBe('invite_invalid')
    const { items } = await admin.page(audit.list, { action: 'subuser.*' })
    expect(items).toMatchObject([
      { action: 'subuser.join', actorId: guest.id, targetId: serverId },
      { action: 'subuser.invite', after: { email: guest.email }, targetId: serverId },
    ])
    expect(JSON.stringify(items)).not.toContain(token)
  })

  test('of two requests at once one is used', async () => {
    const { w, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email)

    const accept = () => guest.send('/api/invites/accept', json({ token }))
    const answers = await Promise.all([accept(), accept(), accept()])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404])
  })

  test('is for its address alone', async () => {
    const { w, invite } = await sharedServer()
    const [guest, thief] = [await w.user(), await w.user()]
    const token = await invite(guest.email)

    const failure = await thief.fails(invites.accept, { token })
    await guest.call(invites.accept, { token })

    expect(failure.code).toBe('invite_for_another')
  })

  test('is not taken with an API key or by a script', async () => {
    const { w, invite } = await sharedServer()
    const token = await invite('guest@example.org')

    expect((await w.operator.fails(invites.accept, { token })).code).toBe('not_found')
    expect((await w.anonymous.fails(invites.accept, { token })).code).toBe('unauthenticated')
  })

  test('shows what it offers to whoever has its link, until it is used', async () => {
    const { w, owner, serverId, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email, ['console.read'])

    const preview = await w.anonymous.call(invites.preview, { token })
    await guest.call(invites.accept, { token })
    const after = await w.anonymous.fails(invites.preview, { token })

    const { name: serverName } = await owner.call(servers.get, { serverId })
    expect(preview).toEqual({
      ...{ serverName, invitedByName: owner.name, email: guest.email, offersOwnership: false },
      permissions: ['server.read', 'console.read'],
      state: 'open',
      expiresAt: new Date(w.clock.now() + 7 * dayMs).toISOString(),
    })
    expect(after.code).toBe('invite_invalid')
  })

  test('is answered alike for an address with an account and for one without', async () => {
    const { w, owner, serverId } = await sharedServer()
    const known = await w.user()
    const shapeOf = async (email: string) => {
      const { invite, url, ...made } = await owner.call(subUsers.invite, {
        ...{ serverId, email },
        preset: 'read_only',
      })
      const preview = await w.anonymous.call(invites.preview, { token: tokenIn(url) })
      return [
        { ...made, ...invite, id: '', email: '' },
        { ...preview, email: '' },
      ]
    }

    expect(await shapeOf(known.email)).toEqual(await shapeOf('nobody@example.org'))
  })

  test('is good for seven days, and says so afterwards', async () => {
    const { w, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email)

    w.clock.advance(7 * dayMs)
    const { state } = await w.anonymous.call(invites.preview, { token })
    const late = await (await w.user({ email: 'late@example.org' })).fails(invites.accept, {
      token,
    })

    expect(state).toBe('expired')
    expect(late).toMatchObject({ status: 410, code: 'invite_expired' })
    await deleteExpired(w.deps)
    expect(await w.deps.db.select().from(serverInvites)).toHaveLength(1)
    w.clock.advance(30 * dayMs + 1)
    await deleteExpired(w.deps)
    expect(await w.deps.db.select().from(serverInvites)).toEqual([])
  })

  test('is void once the address is invited again, or it is taken back', async () => {
    const { w, owner, serverId, invite } = await sharedServer()
    const guest = await w.user()
    const first = await invite(guest.email, ['server.stop'])
    const second = await invite(guest.email, [])

    expect((await guest.fails(invites.accept, { token: first })).code).toBe('invite_invalid')
    const [pending, ...others] = (await owner.call(subUsers.list, { serverId })).invites
    expect(others).toEqual([])
    await owner.call(subUsers.revokeInvite, { serverId, inviteId: pending?.id as never })
    expect((await guest.fails(invites.accept, { token: second })).code).toBe('invite_invalid')
  })
})

describe('without an account', () => {
  test('one is made with the role User, and is signed in', async () => {
    const { w, admin, serverId, invite } = await sharedServer()
    const token = await invite('new@example.org', ['server.start'])

    const me = await w.anonymous.call(invites.register, {
      ...{ token, name: 'New' },
      password: 'a long password',
    })
    const { items } = await w.anonymous
      .call(auth.login, { email: 'new@example.org', password: 'a long password' })
      .then(() => admin.page(audit.list, { targetId: me.id }))

    expect(me).toMatchObject({ email: 'new@example.org', permissions: [] })
    expect(me.roles.map(({ builtin }) => builtin)).toEqual(['user'])
    expect(me.grants).toEqual({ [serverId]: ['server.read', 'server.start'] })
    // All of one moment, so that they have no order.
    const actions = items.map(({ action }) => action).sort()
    expect(actions).toEqual(['auth.login', 'auth.login', 'user.register'])
  })

  test('an address that has one has to sign in, and its invitation stays open', async () => {
    const { w, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email)

    const failure = await w.anonymous.fails(invites.register, {
      ...{ token, name: 'New' },
      password: 'a long password',
    })
    await guest.call(invites.accept, { token })

    expect(failure.code).toBe('email_taken')
  })

  test('a token that is none makes no account', async () => {
    const { w } = await sharedServer()
    const given = { token: 'wrong', name: 'New', password: 'a long password' }

    expect((await w.anonymous.fails(invites.register, given)).code).toBe('invite_invalid')
    expect((await w.anonymous.fails(invites.preview, { token: 'wrong' })).code).toBe(
      'invite_invalid',
    )
  })
})

describe('the link', () => {
  test('is in the reply while no mail is set up', async () => {
    const { owner, serverId } = await sharedServer()

    const made = await owner.call(subUsers.invite, {
      ...{ serverId, email: 'Guest@Example.org' },
      preset: 'power',
    })

    expect(made).toMatchObject({ mailed: false, invite: { email: 'guest@example.org' } })
    expect(made.url).toMatch(new RegExp(`^${origin}/server-invite#[\\w-]{43}$`))
  })

  test('is mailed and told to nobody else once mail is set up', async () => {
    const { w, owner, admin, serverId } = await sharedServer()
    await admin.call(settings.update, {
      mail: {
        transport: 'http',
        url: 'https://mail.example.org/send',
        fromAddress: 'panel@example.org',
        fromName: 'Panel',
        panelUrl: 'https://panel.example.org',
        key: 'a key',
      },
    })
    w.mail.willTake()

    const made = await owner.call(subUsers.invite, {
      ...{ serverId, email: 'guest@example.org' },
      preset: 'power',
    })
    await w.settled()

    expect(made).toMatchObject({ mailed: true, url: null })
    expect(w.mail.to()).toEqual(['guest@example.org'])
    const link = w.mail.link()
    expect(link.origin).toBe('https://panel.example.org')
    const token = link.hash.slice(1)
    expect((await w.anonymous.call(invites.preview, { token })).state).toBe('open')
  })

  test('opens nothing from a copy of the database', async () => {
    const { w, invite } = await sharedServer()
    const token = await invite('guest@example.org')

    const rows = await w.deps.db.select().from(serverInvites)

    expect(JSON.stringify(rows)).not.toContain(token)
    expect(w.logged.join()).not.toContain(token)
  })
})

function json(body: object): RequestInit {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', body: JSON.stringify(body), headers }
}
