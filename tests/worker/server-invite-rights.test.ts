import { count, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { users as accounts } from '../../contract/api/accounts.ts'
import { servers } from '../../contract/api/servers.ts'
import { invites, subUsers } from '../../contract/api/sub-users.ts'
import type { Permission } from '../../contract/permissions.ts'
import { serverInvites, serverUsers } from '../../worker/db/schema/rights.ts'
import { sharedServer, tokenIn } from './shared-server.ts'

const dayMs = 24 * 3_600_000

describe('what an invitation gives', () => {
  test('is nothing that its inviter lacks', async () => {
    const { serverId, subUser } = await sharedServer()
    const host = await subUser('subuser.create', 'server.start')

    const failure = await host.fails(subUsers.invite, {
      ...{ serverId, email: 'a@example.org' },
      permissions: ['server.start', 'server.stop'],
    })

    expect(failure).toMatchObject({
      code: 'exceeds_your_rights',
      details: { missing: ['server.stop'] },
    })
  })

  test('is no more than its inviter still has when it is used', async () => {
    const { w, owner, serverId, invite, subUser } = await sharedServer()
    const host = await subUser('subuser.create', 'server.start', 'server.stop')
    const guest = await w.user()
    const asked: Permission[] = ['server.start', 'server.stop']
    const token = await invite(guest.email, asked, host)

    const left = ['subuser.create', 'server.start'] as const
    await owner.call(subUsers.update, { serverId, userId: host.id, permissions: [...left] })
    const preview = await w.anonymous.call(invites.preview, { token })
    await guest.call(invites.accept, { token })

    expect(preview.permissions).toEqual(['server.read', 'server.start'])
    const { permissions } = await guest.call(servers.get, { serverId })
    expect(permissions).toEqual(['server.read', 'server.start'])
  })

  test.each(['loses the right to invite', 'loses all access', 'is disabled', 'is deleted'])(
    'is nothing when the inviter %s',
    async (what) => {
      const { w, owner, admin, serverId, invite, subUser } = await sharedServer()
      const host = await subUser('subuser.create', 'server.start')
      const guest = await w.user()
      const token = await invite(guest.email, ['server.start'], host)
      const them = { serverId, userId: host.id }

      if (what.includes('right')) {
        await owner.call(subUsers.update, { ...them, permissions: ['server.start'] })
      } else if (what.includes('access')) await owner.call(subUsers.delete, them)
      else if (what.includes('disabled')) {
        await admin.call(accounts.update, { userId: host.id, disabled: true })
      } else await admin.call(accounts.delete, { userId: host.id })

      expect((await w.anonymous.call(invites.preview, { token })).state).toBe('void')
      expect((await guest.fails(invites.accept, { token })).code).toBe('invite_void')
      expect((await guest.fails(servers.get, { serverId })).code).toBe('not_found')
    },
  )

  test('is nothing on a suspended server, whose reason strangers do not hear', async () => {
    const { w, admin, serverId, invite } = await sharedServer()
    const guest = await w.user()
    const token = await invite(guest.email)
    await admin.call(servers.suspend, { serverId, reason: 'Not paid' })

    const failure = await guest.fails(invites.accept, { token })

    expect(failure.code).toBe('server_suspended')
    expect(JSON.stringify(failure)).not.toContain('Not paid')
  })

  test('is not for those who have access: they are told where the inviter may see it', async () => {
    const { w, owner, serverId, invite, subUser } = await sharedServer()
    const [guest, host] = [await subUser(), await subUser('subuser.create')]
    const inviting = (email: string) => ({ serverId, email, preset: 'read_only' }) as const

    const told = await owner.fails(subUsers.invite, inviting(guest.email))
    const self = await owner.fails(subUsers.invite, inviting(owner.email))
    const untold = await host.call(subUsers.invite, {
      ...{ serverId, email: guest.email },
      permissions: [],
    })
    const late = await guest.fails(invites.accept, { token: tokenIn(untold.url) })

    expect([told.code, self.code, late.code]).toEqual(Array(3).fill('already_has_access'))
    const rows = await w.deps.db.select().from(serverUsers).where(eq(serverUsers.userId, guest.id))
    expect(rows).toMatchObject([{ permissions: ['server.read'] }])
    await invite('other@example.org')
  })

  test('is taken back only by who has it all', async () => {
    const { owner, serverId, invite, subUser } = await sharedServer()
    await invite('guest@example.org', ['server.stop'])
    const host = await subUser('subuser.delete', 'subuser.create', 'server.start')
    const [pending] = (await owner.call(subUsers.list, { serverId })).invites

    const failure = await host.fails(subUsers.revokeInvite, {
      ...{ serverId },
      inviteId: pending?.id as never,
    })
    const replaced = await host.fails(subUsers.invite, {
      ...{ serverId, email: 'guest@example.org' },
      permissions: ['server.start'],
    })

    expect([failure.code, replaced.code]).toEqual(Array(2).fill('exceeds_your_rights'))
  })
})

describe('the limit of sub-users', () => {
  test('holds for 200 invitations at once [S6]', async () => {
    const { w, owner, serverId } = await sharedServer({ subUsersPerServer: 3 })
    const path = `/api/servers/${serverId}/invites`

    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, no) =>
        owner.send(path, json({ email: `guest${no}@example.org`, preset: 'read_only' })),
      ),
    )

    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(3)
    expect(statuses.filter((status) => status === 409)).toHaveLength(197)
    const [row] = await w.deps.db.select({ made: count() }).from(serverInvites)
    expect(row?.made).toBe(3)
  })

  test('counts those who came and those who are invited, and not what has expired', async () => {
    const { w, owner, serverId, invite, subUser } = await sharedServer({ subUsersPerServer: 2 })
    await subUser()
    await invite('one@example.org')
    await invite('one@example.org')
    const more = { serverId, email: 'two@example.org', preset: 'power' } as const

    const full = await owner.fails(subUsers.invite, more)
    w.clock.advance(7 * dayMs)
    await w.operator.call(subUsers.invite, more)

    expect(full).toMatchObject({ code: 'limit_reached', details: { limit: 2 } })
  })
})

function json(body: object): RequestInit {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', body: JSON.stringify(body), headers }
}
