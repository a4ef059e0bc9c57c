import { describe, expect, test } from 'vitest'
import { auth, setup } from '../../contract/api/accounts.ts'
import { locations as endpoints } from '../../contract/api/nodes.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { createWorld } from '../support/world.ts'

const person = { email: 'first@example.org', name: 'First', password: 'long enough' }

describe('setting the panel up', () => {
  test('makes the first administrator, signs them in, and has a location ready', async () => {
    const w = await createWorld()
    expect(await w.anonymous.call(setup.state, {})).toEqual({ needed: true })
    const { token } = await w.operator.call(setup.makeLink, {})

    const me = await w.anonymous.call(setup.finish, { token, ...person })

    expect(me).toMatchObject({ email: person.email, roles: [{ name: 'Administrator' }] })
    expect(await w.anonymous.call(setup.state, {})).toEqual({ needed: false })
    const { token: session } = await w.anonymous.call(auth.login, person)
    const headers = { authorization: `Bearer ${session}` }
    const listed = await (await w.send(endpoints.list.path, { headers })).json()
    expect(listed.data).toMatchObject([{ name: 'Default', nodeCount: 0 }])
  })

  test('[S24] needs the token: neither none, nor a wrong, a used or an old one does', async () => {
    const w = await createWorld()
    const wrong = await w.anonymous.fails(setup.finish, { token: 'wrong', ...person })
    const { token } = await w.operator.call(setup.makeLink, {})
    w.clock.advance(24 * 3_600_000)
    const old = await w.anonymous.fails(setup.finish, { token, ...person })

    expect(wrong).toMatchObject({ status: 403, code: 'setup_token_invalid' })
    expect(old.code).toBe('setup_token_invalid')
    expect((await w.anonymous.fails(setup.makeLink, {})).code).toBe('unauthenticated')
    expect(await w.deps.db.select().from(users)).toEqual([])
  })

  test('of requests that race, with one token or several, exactly one wins', async () => {
    const w = await createWorld()
    const { token: one } = await w.operator.call(setup.makeLink, {})
    const { token: other } = await w.operator.call(setup.makeLink, {})

    const racing = Array.from({ length: 12 }, (_, at) => {
      const token = at % 2 === 0 ? one : other
      const body = JSON.stringify({ ...person, email: `u${at}@example.org`, token })
      const headers = { 'content-type': 'application/json' }
      return w.send(setup.finish.path, { method: 'POST', body, headers })
    })
    const statuses = (await Promise.all(racing)).map(({ status }) => status)

    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.every((status) => [201, 403, 409].includes(status))).toBe(true)
    expect(await w.deps.db.select().from(users)).toHaveLength(1)
  })

  test('is over for good once there is an account', async () => {
    const w = await createWorld()
    const { token } = await w.operator.call(setup.makeLink, {})
    const admin = await w.admin()

    expect((await w.operator.fails(setup.makeLink, {})).code).toBe('already_set_up')
    expect((await admin.fails(setup.makeLink, {})).code).toBe('already_set_up')
    expect((await w.anonymous.fails(setup.finish, { token, ...person })).code).toBe(
      'already_set_up',
    )
  })
})
