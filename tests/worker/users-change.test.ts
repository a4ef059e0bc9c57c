import { describe, expect, test } from 'vitest'
import { auth, users } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { builtinRoles } from '../../contract/permissions.ts'
import { hashPassword } from '../../worker/crypto.ts'
import { createWorld } from '../support/world.ts'

const password = 'correct horse battery'

async function people() {
  const w = await createWorld()
  const admin = await w.admin()
  const passwordHash = await hashPassword(password, w.deps.rng.bytes(16))
  const ann = await w.user({ email: 'ann@example.org', passwordHash })
  const signIn = (secret: string) =>
    w.anonymous.send('/api/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ann@example.org', password: secret }),
    })
  const annSees = async () =>
    (await w.send('/api/auth/me', { headers: { authorization: `Bearer ${ann.token}` } })).status
  return { w, admin, ann, signIn, annSees }
}

describe('an administrator', () => {
  test('finds an account by a part of its name or e-mail, which is no pattern', async () => {
    const { w, admin, ann } = await people()
    await w.user({ name: 'Hannah 100%', email: 'h@example.net' })
    const found = async (search: string) =>
      (await admin.page(users.list, { search })).items.map(({ email }) => email)

    expect(await found('ANN')).toEqual([ann.email, 'h@example.net'])
    expect(await found('@example.org')).toContain(ann.email)
    expect(await found('0%')).toEqual(['h@example.net'])
    expect(await found('a%n')).toEqual([])
    expect((await admin.page(users.list, { search: 'hannah' })).pagination.total).toBe(1)
  })

  test('disables an account: it is signed out everywhere, cannot sign in, and comes back', async () => {
    const { w, admin, ann, signIn, annSees } = await people()
    const { nodeId } = await w.addServer({ ownerId: ann.id })

    const disabled = await admin.call(users.update, { userId: ann.id, disabled: true })
    const refused = await signIn(password)
    const wrong = await signIn('a guess')
    const seen = await annSees()
    const enabled = await admin.call(users.update, { userId: ann.id, disabled: false })

    expect(disabled.disabledAt).toBe(new Date(w.clock.now()).toISOString())
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'account_disabled'])
    expect([wrong.status, (await wrong.json()).code]).toEqual([401, 'invalid_credentials'])
    expect(seen).toBe(401)
    expect(w.node(nodeId).shownOut).toEqual([ann.id, ann.id])
    expect(enabled.disabledAt).toBeNull()
    expect((await signIn(password)).status).toBe(200)
  })

  test('sets a password, which ends the sessions of the account and is told nowhere', async () => {
    const { w, admin, ann, signIn, annSees } = await people()

    await admin.call(users.update, { userId: ann.id, password: 'quite another staple' })

    expect(await annSees()).toBe(401)
    expect((await signIn(password)).status).toBe(401)
    expect((await signIn('quite another staple')).status).toBe(200)
    const entries = await admin.page(audit.list, { action: 'user.update' })
    expect(entries.items[0]?.after).toEqual({ password: 'set' })
    expect(JSON.stringify([entries, w.logged])).not.toContain('staple')
  })

  test('changes name, e-mail and roles, and rights follow at once', async () => {
    const { w, admin, ann } = await people()
    const given = { name: 'Ann B.', email: 'b@example.org' }
    const roleIds = [builtinRoles.administrator.id]

    const changed = await admin.call(users.update, { userId: ann.id, ...given })

    expect(changed).toMatchObject(given)
    const promoted = await admin.call(users.setRoles, { userId: ann.id, roleIds })
    expect(promoted.roles.map(({ name }) => name)).toEqual(['Administrator'])
    expect((await ann.call(auth.me, {})).permissions).toContain('user.update')
    const { email } = await w.user()
    const taken = await admin.fails(users.update, { userId: ann.id, email })
    expect(taken.code).toBe('email_taken')
  })

  test('deletes an account that owns nothing; one that owns servers is kept', async () => {
    const { w, admin, ann, annSees } = await people()
    const owner = await w.user()
    await w.addServer({ ownerId: owner.id })

    const kept = await admin.fails(users.delete, { userId: owner.id })
    await admin.call(users.delete, { userId: ann.id })

    expect(kept).toMatchObject({ code: 'in_use', details: { servers: 1 } })
    expect(await annSees()).toBe(401)
    expect((await admin.fails(users.delete, { userId: ann.id })).code).toBe('not_found')
  })
})

test('of two administrators that take each other’s rights at the same time one stays', async () => {
  for (const [path, change] of [
    ['/roles', { roleIds: [builtinRoles.user.id] }],
    ['', { disabled: true }],
  ] as const) {
    const w = await createWorld()
    const [one, two] = [await w.admin(), await w.admin()]

    const demote = (who: typeof one, whom: typeof one) =>
      who.send(`/api/admin/users/${whom.id}${path}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      })
    const replies = await Promise.all([demote(one, two), demote(two, one)])

    const statuses = replies.map(({ status }) => status).sort()
    expect(statuses[0]).toBe(200)
    expect([401, 403, 409]).toContain(statuses[1])
  }
  const w = await createWorld()
  const only = await w.admin()
  const demoted = await only.fails(users.setRoles, { userId: only.id, roleIds: [] })
  expect(demoted.code).toBe('last_admin')
  expect((await only.fails(users.delete, { userId: only.id })).code).toBe('last_admin')
})
