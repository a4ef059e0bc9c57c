import { describe, expect, test } from 'vitest'
import { auth } from '../../contract/api/accounts.ts'
import { audit } from '../../contract/api/audit.ts'
import { hashPassword } from '../../worker/crypto.ts'
import { createWorld } from '../support/world.ts'

const oldPassword = 'correct horse battery'
const newPassword = 'quite another staple'

async function ann() {
  const w = await createWorld()
  const passwordHash = await hashPassword(oldPassword, w.deps.rng.bytes(16))
  const user = await w.user({ email: 'ann@example.org', passwordHash })
  const signIn = (password: string) => w.anonymous.call(auth.login, { email: user.email, password })
  const asWith = async (token: string) => {
    const response = await w.send('/api/auth/me', { headers: { authorization: `Bearer ${token}` } })
    return response.status
  }
  return { w, user, signIn, asWith }
}

describe('changing the password', () => {
  test('needs the present one, and ends every other session at once', async () => {
    const { w, user, signIn, asWith } = await ann()
    const { nodeId } = await w.addServer({ ownerId: user.id })
    const other = await signIn(oldPassword)

    const wrong = { currentPassword: 'a guess', newPassword }
    expect(await user.fails(auth.changePassword, wrong)).toMatchObject({
      status: 403,
      code: 'wrong_password',
    })
    await user.call(auth.changePassword, { currentPassword: oldPassword, newPassword })

    expect([await asWith(user.token), await asWith(other.token)]).toEqual([200, 401])
    expect(w.node(nodeId).shownOut).toEqual([user.id])
    const refused = await w.anonymous.fails(auth.login, {
      email: user.email,
      password: oldPassword,
    })
    expect(refused.code).toBe('invalid_credentials')
    expect((await signIn(newPassword)).id).toBe(user.id)
  })

  test('leaves neither password in the audit log or in any log line', async () => {
    const { w, user } = await ann()
    await user.call(auth.changePassword, { currentPassword: oldPassword, newPassword })
    const entries = await (await w.admin()).page(audit.list, {})

    expect(entries.items.map(({ action }) => action)).toContain('auth.change_password')
    expect(JSON.stringify([entries, w.logged])).not.toMatch(/horse|staple/)
  })
})

describe('changing the name', () => {
  test('shows the new one at once, tells it in the audit log and opens consoles under it', async () => {
    const { w, user } = await ann()
    const { nodeId } = await w.addServer({ ownerId: user.id })

    const renamed = await user.call(auth.rename, { name: '  Ann of old  ' })

    expect(renamed.name).toBe('Ann of old')
    expect(await user.call(auth.me, {})).toEqual(renamed)
    expect(w.node(nodeId).shownOut).toEqual([user.id])
    const [entry] = (await (await w.admin()).page(audit.list, { action: 'auth.rename' })).items
    expect(entry).toMatchObject({ targetId: user.id, after: { name: 'Ann of old' } })
    expect((await user.fails(auth.rename, { name: ' ' })).code).toBe('invalid_input')
  })
})

describe('sessions', () => {
  test('are listed to their account alone, the asking one marked, without what opens them', async () => {
    const { w, user, signIn } = await ann()
    w.clock.advance(1000)
    const other = await signIn(oldPassword)
    await w.user()

    const list = await user.call(auth.sessions, {})

    expect(list.map(({ current }) => current)).toEqual([false, true])
    expect(JSON.stringify(list)).not.toContain(other.token)
  })

  test('are ended one by one, and those of others are not found', async () => {
    const { w, user, signIn, asWith } = await ann()
    w.clock.advance(1000)
    const other = await signIn(oldPassword)
    const [newest] = await user.call(auth.sessions, {})
    const sessionId = newest?.id
    if (sessionId === undefined) throw new Error('there is no session')
    const stranger = await w.user()

    expect((await stranger.fails(auth.revokeSession, { sessionId })).code).toBe('not_found')
    await user.call(auth.revokeSession, { sessionId })

    expect([await asWith(user.token), await asWith(other.token)]).toEqual([200, 401])
    expect(await user.call(auth.sessions, {})).toHaveLength(1)
  })

  test('take the consoles that they opened along, when they are ended and when somebody signs out', async () => {
    const { w, user, signIn } = await ann()
    const { nodeId } = await w.addServer({ ownerId: user.id })
    w.clock.advance(1000)
    await signIn(oldPassword)
    const other = (await user.call(auth.sessions, {})).find(({ current }) => !current)
    if (other === undefined) throw new Error('there is no other session')

    await user.call(auth.revokeSession, { sessionId: other.id })
    expect(w.node(nodeId).shownOut).toEqual([user.id])
    await user.call(auth.logout, {})

    expect(w.node(nodeId).shownOut).toEqual([user.id, user.id])
  })
})
