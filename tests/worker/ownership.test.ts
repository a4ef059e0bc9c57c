import { describe, expect, test } from 'vitest'
import { users as accounts } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { invites, ownership, subUsers } from '../../contract/api/sub-users.ts'
import { presetPermissions } from '../../contract/permissions.ts'
import { sharedServer, tokenIn } from './shared-server.ts'

describe('an administrator gives a server away', () => {
  test('at once, by id or by e-mail, and the consoles of both close', async () => {
    const { w, owner, admin, serverId, nodeId, subUser } = await sharedServer()
    const next = await subUser('console.read')

    const byId = await admin.call(ownership.set, { serverId, ownerId: next.id })
    const byMail = await admin.call(ownership.set, { serverId, email: owner.email })

    expect(byId).toEqual({ ownerId: next.id, offer: null })
    expect(byMail).toEqual({ ownerId: owner.id, offer: null })
    expect(w.node(nodeId).shownOut).toEqual([owner.id, next.id, next.id, owner.id])
    expect(w.node(nodeId).pushes).toEqual([])
    const { items } = await admin.page(audit.list, { action: 'server.set_owner' })
    expect(items).toContainEqual(
      expect.objectContaining({
        actorId: admin.id,
        targetId: serverId,
        before: { ownerId: owner.id },
        after: { ownerId: next.id, kept: [] },
      }),
    )
  })

  test('and the new owner is no sub-user any more, the old one nothing', async () => {
    const { owner, admin, serverId, subUser } = await sharedServer()
    const next = await subUser('server.start')

    await admin.call(ownership.set, { serverId, ownerId: next.id })

    const shown = await next.call(subUsers.list, { serverId })
    expect(shown).toMatchObject({ owner: { userId: next.id }, subUsers: [] })
    expect((await owner.fails(servers.get, { serverId })).code).toBe('not_found')
  })

  test('and the old owner stays as a sub-user if that is wanted', async () => {
    const { w, owner, admin, serverId } = await sharedServer()
    const next = await w.user()

    await admin.call(ownership.set, { serverId, ownerId: next.id, keepAccess: true })

    const { permissions } = await owner.call(servers.get, { serverId })
    expect(permissions).toEqual(presetPermissions('full'))
  })

  test('but to nobody who is not there, is disabled or has it already', async () => {
    const { w, owner, admin, serverId } = await sharedServer()
    const disabled = await w.user({ disabledAt: 1 })
    const set = (to: object) => admin.fails(ownership.set, { serverId, ...to } as never)

    for (const to of [
      { ownerId: disabled.id },
      { email: 'nobody@example.org' },
      { ownerId: owner.id },
      { ownerId: owner.id, email: owner.email },
      {},
    ]) {
      expect((await set(to)).code, JSON.stringify(to)).toBe('invalid_input')
    }
  })
})

describe('an owner offers their server', () => {
  test('to an address, whoever has it, and it is theirs once they accept', async () => {
    const { w, owner, admin, serverId, nodeId } = await sharedServer()
    const next = await w.user()

    const made = await owner.call(ownership.set, { serverId, email: next.email, keepAccess: true })
    const token = tokenIn(made.offer?.url ?? null)
    const preview = await w.anonymous.call(invites.preview, { token })
    const before = await next.fails(servers.get, { serverId })
    await next.call(invites.accept, { token })

    expect(made).toMatchObject({ ownerId: owner.id, offer: { invite: { offersOwnership: true } } })
    expect(preview).toMatchObject({ offersOwnership: true, state: 'open', email: next.email })
    expect(before.code).toBe('not_found')
    expect((await next.call(subUsers.list, { serverId })).owner.userId).toBe(next.id)
    const { permissions } = await owner.call(servers.get, { serverId })
    expect(permissions).toEqual(presetPermissions('full'))
    expect(w.node(nodeId).shownOut).toEqual([owner.id, next.id])
    const { items } = await admin.page(audit.list, { targetId: serverId })
    expect(items.map(({ action }) => action).sort()).toEqual(['server.offer', 'server.set_owner'])
    expect(JSON.stringify(items)).not.toContain(token)
  })

  test('and learns nothing of whether the address is an account’s', async () => {
    const { w, owner, serverId } = await sharedServer()
    const known = await w.user()
    const shapeOf = async (email: string) => {
      const { offer, ...made } = await owner.call(ownership.set, { serverId, email })
      return {
        ...made,
        offer: { ...offer, url: '', invite: { ...offer?.invite, id: '', email: '' } },
      }
    }

    expect(await shapeOf(known.email)).toEqual(await shapeOf('nobody@example.org'))
    const byId = await owner.fails(ownership.set, { serverId, ownerId: known.id })
    const toThemself = await owner.fails(ownership.set, { serverId, email: owner.email })
    expect([byId.code, toThemself.code]).toEqual(['invalid_input', 'invalid_input'])
  })

  test('to somebody without an account, who makes one by it', async () => {
    const { w, owner, serverId } = await sharedServer()
    const { offer } = await owner.call(ownership.set, { serverId, email: 'new@example.org' })

    const me = await w.anonymous.call(invites.register, {
      ...{ token: tokenIn(offer?.url ?? null), name: 'New' },
      password: 'a long password',
    })

    expect((await w.operator.call(servers.get, { serverId })).ownerId).toBe(me.id)
    expect(me.grants).toEqual({})
  })

  test('to one at a time; nobody but the owner takes the offer back or replaces it', async () => {
    const { w, owner, serverId, subUser } = await sharedServer()
    const host = await subUser('subuser.read', 'subuser.create', 'subuser.delete')
    const [one, two] = [await w.user(), await w.user()]
    const offer = async (email: string) =>
      tokenIn((await owner.call(ownership.set, { serverId, email })).offer?.url ?? null)
    const first = await offer(one.email)
    const second = await offer(two.email)
    const [pending, ...others] = (await owner.call(subUsers.list, { serverId })).invites
    const inviteId = pending?.id as never

    const revoked = await host.fails(subUsers.revokeInvite, { serverId, inviteId })
    const replaced = await host.fails(subUsers.invite, {
      ...{ serverId, email: two.email },
      permissions: [],
    })
    const stale = await one.fails(invites.accept, { token: first })
    await owner.call(subUsers.revokeInvite, { serverId, inviteId })
    const late = await two.fails(invites.accept, { token: second })

    expect(others).toEqual([])
    expect([revoked.code, replaced.code]).toEqual(Array(2).fill('exceeds_your_rights'))
    expect([stale.code, late.code]).toEqual(Array(2).fill('invite_invalid'))
  })

  test('and what they offered goes with the server when it changes hands otherwise', async () => {
    const { w, owner, admin, serverId, invite } = await sharedServer()
    const [next, guest, other] = [await w.user(), await w.user(), await w.user()]
    const { offer } = await owner.call(ownership.set, { serverId, email: other.email })
    const invited = await invite(guest.email)

    await admin.call(ownership.set, { serverId, ownerId: next.id })

    const offered = await other.fails(invites.accept, { token: tokenIn(offer?.url ?? null) })
    const shared = await guest.fails(invites.accept, { token: invited })
    expect([offered.code, shared.code]).toEqual(['invite_invalid', 'invite_void'])
  })

  test('and nobody gets it who is not its owner, or while it is suspended or being deleted', async () => {
    const { w, owner, admin, serverId, subUser } = await sharedServer()
    const [host, next] = [await subUser(...fullRights), await w.user()]
    const { offer } = await owner.call(ownership.set, { serverId, email: next.email })
    const token = tokenIn(offer?.url ?? null)
    const to = { serverId, email: next.email }

    const notTheirs = await host.fails(ownership.set, to)
    await admin.call(servers.suspend, { serverId })
    const suspended = await next.fails(invites.accept, { token })
    await admin.call(servers.unsuspend, { serverId })
    await owner.call(servers.delete, { serverId })
    const deleted = await next.fails(invites.accept, { token })
    const given = await admin.fails(ownership.set, to)

    expect(notTheirs.code).toBe('forbidden')
    expect([suspended.code, deleted.code]).toEqual(['server_suspended', 'invite_invalid'])
    expect(given.code).toBe('wrong_state')
  })

  test('from an account that was disabled since is void', async () => {
    const { w, owner, admin, serverId } = await sharedServer()
    const next = await w.user()
    const { offer } = await owner.call(ownership.set, { serverId, email: next.email })

    await admin.call(accounts.update, { userId: owner.id, disabled: true })

    const failure = await next.fails(invites.accept, { token: tokenIn(offer?.url ?? null) })
    expect(failure.code).toBe('invite_void')
  })
})

const fullRights = presetPermissions('full').filter((name) => name !== 'server.read')
