import { describe, expect, test } from 'vitest'
import { auth, users } from '../../contract/api/accounts.ts'
import { nodes } from '../../contract/api/nodes.ts'
import { roles } from '../../contract/api/roles.ts'
import { servers } from '../../contract/api/servers.ts'
import type { RoleId } from '../../contract/ids.ts'
import { builtinRoles, type Permission } from '../../contract/permissions.ts'
import { createWorld, type World } from '../support/world.ts'

/** Somebody with a role of exactly these permissions. */
async function staffWith(w: World, permissions: Permission[]) {
  const admin = await w.admin()
  const role = await admin.call(roles.create, { name: `Role of ${permissions}`, permissions })
  const person = await w.user()
  await admin.call(users.setRoles, { userId: person.id, roleIds: [role.id] })
  return { admin, person, role }
}

describe('roles', () => {
  test('that every panel has are listed first, with what they may do', async () => {
    const w = await createWorld()
    const admin = await w.admin()

    const [one, two, three] = await admin.call(roles.list, {})

    expect([one, two, three].map((role) => role?.builtin)).toEqual([
      'administrator',
      'support',
      'user',
    ])
    expect(one).toMatchObject({ userCount: 1, permissions: builtinRoles.administrator.permissions })
  })

  test('give rights on the panel and on every server, from one request to the next', async () => {
    const w = await createWorld()
    const { person, admin, role } = await staffWith(w, ['node.read', 'server.read'])
    const server = await w.addServer()

    expect((await person.call(nodes.list, {})).length).toBe(1)
    expect((await person.call(servers.get, { serverId: server.id })).permissions).toEqual([
      'server.read',
    ])
    const refused = await person.fails(servers.start, { serverId: server.id })
    expect(refused.code).toBe('forbidden')

    await admin.call(roles.update, { roleId: role.id, permissions: ['node.read'] })

    expect((await person.fails(servers.get, { serverId: server.id })).code).toBe('not_found')
    expect((await person.page(servers.list, {})).items).toEqual([])
  })

  test('of one account add up', async () => {
    const w = await createWorld()
    const { person, admin, role } = await staffWith(w, ['node.read'])
    const other = await admin.call(roles.create, { name: 'Other', permissions: ['user.read'] })

    await admin.call(users.setRoles, { userId: person.id, roleIds: [role.id, other.id] })

    const { permissions } = await person.call(auth.me, {})
    expect([...permissions].sort()).toEqual(['node.read', 'user.read'])
  })

  test('are not given, made or changed by whoever holds less', async () => {
    const w = await createWorld()
    const { person, role } = await staffWith(w, [
      'role.create',
      'role.update',
      'role.delete',
      'user.set_roles',
      'user.create',
      'user.update',
      'user.delete',
    ])
    const admin = await w.admin()
    const strong = await admin.call(roles.create, { name: 'Strong', permissions: ['node.delete'] })
    const victim = await w.user()
    const administrator = builtinRoles.administrator.id
    const account = { email: 'x@example.org', name: 'X', password: 'a long password' }

    const attempts = [
      await person.fails(roles.create, { name: 'Mine', permissions: ['node.delete'] }),
      await person.fails(roles.update, { roleId: role.id, permissions: ['node.delete'] }),
      await person.fails(roles.update, { roleId: strong.id, permissions: [] }),
      await person.fails(roles.delete, { roleId: strong.id }),
      await person.fails(users.setRoles, { userId: person.id, roleIds: [administrator] }),
      await person.fails(users.setRoles, { userId: victim.id, roleIds: [strong.id] }),
      await person.fails(users.setRoles, { userId: admin.id, roleIds: [] }),
      await person.fails(users.create, { ...account, roleIds: [administrator] }),
      await person.fails(users.update, { userId: admin.id, password: 'a new password' }),
      await person.fails(users.update, { userId: admin.id, email: 'mine@example.org' }),
      await person.fails(users.delete, { userId: admin.id }),
    ]

    expect(new Set(attempts.map(({ code }) => code))).toEqual(new Set(['exceeds_your_rights']))
    expect((await admin.call(auth.me, {})).roles.map(({ name }) => name)).toEqual(['Administrator'])
  })

  test('are given at an account’s creation only by who may give roles', async () => {
    const w = await createWorld()
    const { person } = await staffWith(w, ['user.create', 'node.read'])
    const { admin, role } = await staffWith(w, ['node.read'])
    const account = { email: 'x@example.org', name: 'X', password: 'a long password' }

    const refused = await person.fails(users.create, { ...account, roleIds: [role.id] })
    const made = await person.call(users.create, account)

    expect(refused.code).toBe('forbidden')
    expect(made.roles).toMatchObject([{ builtin: 'user' }])
    const unknown = {
      ...account,
      email: 'y@example.org',
      roleIds: ['01900000-0000-7000-8000-00000000dead' as RoleId],
    }
    expect((await admin.fails(users.create, unknown)).code).toBe('invalid_input')
  })

  test('have names that nobody takes for each other, and go only when nobody has them', async () => {
    const w = await createWorld()
    const { admin, role, person } = await staffWith(w, ['node.read'])

    const twin = await admin.fails(roles.create, { name: role.name.toUpperCase(), permissions: [] })
    const inUse = await admin.fails(roles.delete, { roleId: role.id })
    await admin.call(users.setRoles, { userId: person.id, roleIds: [] })
    await admin.call(roles.delete, { roleId: role.id })

    expect(twin.code).toBe('name_taken')
    expect(inUse).toMatchObject({ code: 'in_use', details: { accounts: 1 } })
    expect((await admin.fails(roles.delete, { roleId: role.id })).code).toBe('not_found')
  })

  test('that are built in stay as they are, but for the second factor that they ask for', async () => {
    const w = await createWorld()
    const admin = await w.admin()
    const { id: roleId } = builtinRoles.user
    const ann = await w.user()

    const renamed = await admin.fails(roles.update, { roleId, name: 'Mine' })
    const widened = await admin.fails(roles.update, { roleId, permissions: ['node.read'] })
    const gone = await admin.fails(roles.delete, { roleId })
    expect([renamed, widened, gone].map(({ code }) => code)).toEqual(
      Array.from({ length: 3 }, () => 'builtin_role'),
    )
    expect((await ann.page(servers.list, {})).items).toEqual([])

    await admin.call(roles.update, { roleId, requiresTwoFactor: true })

    const refused = await ann.fails(servers.list, {})
    expect(refused).toMatchObject({ status: 403, code: 'two_factor_required' })
    expect((await ann.call(auth.me, {})).mustSetUpTwoFactor).toBe(true)
    expect((await admin.call(auth.me, {})).mustSetUpTwoFactor).toBe(false)
    await ann.call(auth.logout, {})
  })
})
