import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { users as accounts } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { servers } from '../../contract/api/servers.ts'
import { subUsers } from '../../contract/api/sub-users.ts'
import type { Permission } from '../../contract/permissions.ts'
import { presetPermissions } from '../../contract/permissions.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { roles, userRoles } from '../../worker/db/schema/rights.ts'
import { anInvite } from '../support/sub-user-inputs.ts'
import { sharedServer } from './shared-server.ts'

async function aSharedServer() {
  const shared = await sharedServer()
  const { owner, serverId } = shared
  const rightsOf = async (userId: string) =>
    (await owner.call(subUsers.list, { serverId })).subUsers.find((one) => one.userId === userId)
      ?.permissions
  return { ...shared, rightsOf }
}

describe('who has access to a server', () => {
  test('is shown with what each may do, and with invitations but not what opens them', async () => {
    const { w, owner, serverId, subUser } = await aSharedServer()
    const guest = await subUser('server.start')
    await anInvite(w, serverId, 'a-secret', { email: 'b@example.org' })

    const shown = await owner.call(subUsers.list, { serverId })

    expect(shown.owner).toEqual({ userId: owner.id, name: owner.name, email: owner.email })
    expect(shown.subUsers).toMatchObject([
      { userId: guest.id, email: guest.email, permissions: ['server.read', 'server.start'] },
    ])
    expect(shown.invites).toMatchObject([{ email: 'b@example.org', offersOwnership: false }])
    expect(JSON.stringify(shown)).not.toMatch(/secret|token/i)
  })

  test('is shown to sub-users with the right to see it, and to no other', async () => {
    const { serverId, subUser } = await aSharedServer()
    const [guest, other] = [await subUser('subuser.read'), await subUser('subuser.update')]

    await guest.call(subUsers.list, { serverId })
    const failure = await other.fails(subUsers.list, { serverId })

    expect(failure.code).toBe('forbidden')
  })

  test('tells a sub-user what they may do, by the server and by their account', async () => {
    const { serverId, subUser } = await aSharedServer()
    const guest = await subUser('server.start')

    const detail = await guest.call(servers.get, { serverId })

    expect(detail.permissions).toEqual(['server.read', 'server.start'])
  })

  test('is a filter of the list of servers: what is one’s own, and what others share', async () => {
    const { w, owner, admin, serverId, subUser } = await aSharedServer()
    const guest = await subUser()
    const own = await w.addServer({ ownerId: guest.id })
    const idsFor = async (who: typeof guest, access?: 'own' | 'shared') =>
      (await who.page(servers.list, access === undefined ? {} : { access })).items
        .map(({ id }) => id)
        .sort()

    expect(await idsFor(guest)).toEqual([own.id, serverId].sort())
    expect(await idsFor(guest, 'own')).toEqual([own.id])
    expect(await idsFor(guest, 'shared')).toEqual([serverId])
    expect(await idsFor(owner, 'shared')).toEqual([])
    expect(await idsFor(admin, 'own')).toEqual([])
    expect(await idsFor(admin)).toHaveLength(2)
  })
})

describe('changing what a sub-user may do', () => {
  test('replaces it, by names or by a preset, and closes their consoles', async () => {
    const { w, owner, admin, serverId, nodeId, subUser } = await aSharedServer()
    const guest = await subUser('server.start')
    const given = { serverId, userId: guest.id }

    const named = await owner.call(subUsers.update, { ...given, permissions: ['console.read'] })
    w.clock.advance(1) // so that entries of the audit log have an order
    const preset = await owner.call(subUsers.update, { ...given, preset: 'power' })

    expect(named.permissions).toEqual(['server.read', 'console.read'])
    expect(preset.permissions).toEqual(presetPermissions('power'))
    expect(w.node(nodeId).shownOut).toEqual([guest.id, guest.id])
    const { items } = await admin.page(audit.list, { action: 'subuser.update' })
    expect(items.at(-1)).toMatchObject({
      targetType: 'server',
      targetId: serverId,
      before: { userId: guest.id, permissions: ['server.read', 'server.start'] },
      after: { userId: guest.id, permissions: ['server.read', 'console.read'] },
    })
  })

  test('neither gives nor takes what the one who changes does not have', async () => {
    const { serverId, subUser, rightsOf } = await aSharedServer()
    const manager = await subUser('subuser.update', 'server.start')
    const guest = await subUser('server.stop')
    const given = { serverId, userId: guest.id }

    const gives = await manager.fails(subUsers.update, {
      ...given,
      permissions: ['server.stop', 'server.install'],
    })
    const takes = await manager.fails(subUsers.update, { ...given, permissions: [] })
    await manager.call(subUsers.update, { ...given, permissions: ['server.stop', 'server.start'] })

    expect(gives).toMatchObject({
      code: 'exceeds_your_rights',
      details: { missing: ['server.install'] },
    })
    expect(takes).toMatchObject({
      code: 'exceeds_your_rights',
      details: { missing: ['server.stop'] },
    })
    expect(await rightsOf(guest.id)).toEqual(['server.read', 'server.start', 'server.stop'])
  })

  test('is not possible of oneself, of the owner, or of somebody who is no sub-user', async () => {
    const { w, owner, serverId, subUser } = await aSharedServer()
    const manager = await subUser('subuser.update')
    const change = async (userId: typeof owner.id) =>
      (await manager.fails(subUsers.update, { serverId, userId, permissions: [] })).code

    expect(await change(manager.id)).toBe('forbidden')
    expect(await change(owner.id)).toBe('not_found')
    expect(await change((await w.user()).id)).toBe('not_found')
  })

  test('is judged by the rights that are left when it is written, not when it was asked', async () => {
    const { w, owner, serverId, subUser, rightsOf } = await aSharedServer()
    const manager = await subUser('subuser.update', 'server.start')
    const guest = await subUser()
    const slow = slowBody(JSON.stringify({ permissions: ['server.start'] }))
    const path = `/api/servers/${serverId}/users/${guest.id}`
    const headers = { 'content-type': 'application/json' }
    const asked = manager.send(path, {
      ...{ method: 'PUT', body: slow.stream, headers },
      ...({ duplex: 'half' } as object), // known to the platform, and not to its types
    })
    await slow.isRead

    await owner.call(subUsers.delete, { serverId, userId: manager.id })
    slow.finish()

    expect((await asked).status).toBe(403)
    expect(await rightsOf(guest.id)).toEqual(['server.read'])
    await w.settled()
  })
})

describe('taking access away', () => {
  test('ends it, closes their consoles and tells who did it', async () => {
    const { w, owner, admin, serverId, nodeId, subUser } = await aSharedServer()
    const guest = await subUser('console.read')

    await owner.call(subUsers.delete, { serverId, userId: guest.id })

    expect((await guest.fails(servers.get, { serverId })).code).toBe('not_found')
    expect(w.node(nodeId).shownOut).toEqual([guest.id])
    const [entry] = (await admin.page(audit.list, { action: 'subuser.delete' })).items
    expect(entry).toMatchObject({ actorId: owner.id, targetId: serverId })
  })

  test('takes the right to it, and all that is taken; oneself one may always remove', async () => {
    const { serverId, subUser } = await aSharedServer()
    const [manager, guest] = [await subUser('subuser.delete'), await subUser('server.stop')]
    const remove = (userId: typeof guest.id) => ({ serverId, userId })

    const more = await manager.fails(subUsers.delete, remove(guest.id))
    const less = await guest.fails(subUsers.delete, remove(manager.id))
    await guest.call(subUsers.delete, remove(guest.id))
    const twice = await guest.fails(subUsers.delete, remove(guest.id))

    expect([more.code, less.code]).toEqual(['exceeds_your_rights', 'forbidden'])
    expect(twice.code).toBe('not_found')
  })

  test('is possible on a suspended server, where nothing is given', async () => {
    const { w, owner, serverId, subUser } = await aSharedServer()
    const guest = await subUser()
    await (await w.admin()).call(servers.suspend, { serverId })

    const update = await owner.fails(subUsers.update, {
      ...{ serverId, userId: guest.id },
      permissions: ['server.start'],
    })
    await owner.call(subUsers.delete, { serverId, userId: guest.id })

    expect(update.code).toBe('server_suspended')
  })

  test('happens with the account, whose consoles close too', async () => {
    const { w, owner, admin, serverId, nodeId, subUser } = await aSharedServer()
    const guest = await subUser('console.read')

    await admin.call(accounts.delete, { userId: guest.id })

    expect((await owner.call(subUsers.list, { serverId })).subUsers).toEqual([])
    expect(w.node(nodeId).shownOut).toEqual([guest.id])
  })
})

test('a role that may change access everywhere gives no more than it holds itself', async () => {
  const { w, serverId, subUser } = await aSharedServer()
  const guest = await subUser()
  const staff = await w.user()
  const name = 'Access desk'
  const held: Permission[] = ['server.read', 'subuser.update', 'console.read']
  const id = '01900000-0000-7000-8000-0000000000aa' as typeof roles.$inferSelect.id
  const times = { createdAt: 0, updatedAt: 0 }
  await w.deps.db.insert(roles).values({ id, name, nameKey: name, permissions: held, ...times })
  await w.deps.db.insert(userRoles).values({ userId: staff.id, roleId: id })
  const given = { serverId, userId: guest.id }

  await staff.call(subUsers.update, { ...given, permissions: ['console.read'] })
  const more = await staff.fails(subUsers.update, { ...given, preset: 'power' })
  await w.deps.db.update(users).set({ disabledAt: 1 }).where(eq(users.id, staff.id))

  expect(more.code).toBe('exceeds_your_rights')
  expect((await staff.fails(subUsers.update, { ...given, permissions: [] })).status).toBe(401)
})

/** A body that is sent once its request is known to be read. */
function slowBody(text: string) {
  let finish = () => {}
  let started = () => {}
  const isRead = new Promise<void>((resolve) => {
    started = resolve
  })
  const isFinished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        started()
        await isFinished
        controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, isRead, finish: () => finish() }
}
