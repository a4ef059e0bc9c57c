import { describe, expect, test } from 'vitest'
import { allEndpoints, type NamedEndpoint } from '../../contract/api/index.ts'
import {
  allPermissions,
  type Permission,
  permissions,
  subUserPermissions,
} from '../../contract/permissions.ts'
import { createWorld } from '../support/world.ts'
import type { Client } from '../support/world-client.ts'
import { validInputs } from '../support/world-inputs.ts'
import { addKey } from '../support/world-keys.ts'

type Scoped = NamedEndpoint & { readonly needs: Permission }

const closed = allEndpoints().filter(({ endpoint }) => endpoint.needs !== 'public')
/** Endpoints that ask for a permission, by where it is held. */
const scoped = closed.flatMap((named): Scoped[] => {
  const { needs } = named.endpoint
  return needs === 'public' || needs === 'signed_in' || needs === 'account'
    ? []
    : [{ ...named, needs }]
})
const ofPanel = scoped.filter(({ endpoint }) => !('serverId' in endpoint.params.shape))
const ofServer = scoped.filter(({ endpoint }) => 'serverId' in endpoint.params.shape)
const ofAccount = closed.filter(({ endpoint }) => endpoint.needs === 'account')

/** Needs a panel without accounts, and keys have accounts. */
const impossible = ['setup.makeLink']

/** More than the right that is named first: what an endpoint takes beside it. */
const alsoAsks: Readonly<Record<string, readonly Permission[]>> = {
  'users.update': allPermissions,
  'users.setRoles': allPermissions,
  'users.delete': allPermissions,
  'roles.create': allPermissions,
  'roles.update': allPermissions,
  'subUsers.update': allPermissions,
  'subUsers.delete': allPermissions,
  'subUsers.invite': allPermissions,
  'subUsers.revokeInvite': allPermissions,
}

type Inputs = ReturnType<typeof validInputs>

function inputOf(inputs: Inputs, { name }: NamedEndpoint) {
  const make: (() => Promise<object>) | undefined = Object.entries(inputs).find(
    ([key]) => key === name,
  )?.[1]
  if (make === undefined) throw new Error(`${name} has no valid input in world-inputs.ts`)
  return make() as Promise<never> // the endpoint it belongs to is known by name only
}

async function works(who: Client, named: NamedEndpoint, input: never) {
  const call = named.endpoint.paged ? who.page : who.call
  await call(named.endpoint, input)
}

async function aWorld() {
  const w = await createWorld({ apiRequestsPerMinute: 100_000 })
  const admin = await w.admin()
  return { w, admin, inputs: validInputs(w, admin.id) }
}

describe('every endpoint, to an API key', () => {
  test('without the scope is closed, though its account may do everything', async () => {
    const { w, admin, inputs } = await aWorld()
    for (const named of scoped) {
      const others = allPermissions.filter((name) => name !== named.needs)
      const key = await addKey(w, admin.id, others)

      const failure = await key.fails(named.endpoint, await inputOf(inputs, named))

      expect([failure.status, failure.code], named.name).toEqual([403, 'forbidden'])
    }
  })

  test('without any right on the server there is no such server', async () => {
    const { w, admin, inputs } = await aWorld()
    const key = await addKey(w, admin.id, ['user.read'])
    for (const named of ofServer) {
      if (permissions[named.needs].scope === 'panel') continue // refused before it is looked for

      const failure = await key.fails(named.endpoint, await inputOf(inputs, named))

      expect([failure.status, failure.code], named.name).toEqual([404, 'not_found'])
    }
  })

  test('for another server is closed: of the panel entirely, and no other server is there', async () => {
    const { w, admin, inputs } = await aWorld()
    const other = await w.addServer({ ownerId: admin.id })
    const key = await addKey(w, admin.id, allPermissions, { serverIds: [other.id] })
    for (const named of scoped) {
      const failure = await key.fails(named.endpoint, await inputOf(inputs, named))

      const isOfPanel = permissions[named.needs].scope === 'panel'
      const expected = isOfPanel ? [403, 'forbidden'] : [404, 'not_found']
      expect([failure.status, failure.code], named.name).toEqual(expected)
    }
  })

  test('with the scope is open, if its account may', async () => {
    for (const named of scoped) {
      if (impossible.includes(named.name)) continue
      const { w, admin, inputs } = await aWorld()
      const key = await addKey(w, admin.id, [named.needs, ...(alsoAsks[named.name] ?? [])])

      await works(key, named, await inputOf(inputs, named))
    }
  })

  test('with every scope is no more than its account: of a user only what is on own servers', async () => {
    const { w, inputs } = await aWorld()
    const user = await w.user()
    const key = await addKey(w, user.id, allPermissions)
    for (const named of scoped) {
      const failure = await key.fails(named.endpoint, await inputOf(inputs, named))

      const isOfPanel = permissions[named.needs].scope === 'panel'
      expect(failure.code, named.name).toBe(isOfPanel ? 'forbidden' : 'not_found')
    }
  })

  test('that is for its account alone is closed, whatever the key holds', async () => {
    for (const named of ofAccount) {
      const { w, admin, inputs } = await aWorld()
      const key = await addKey(w, admin.id, allPermissions)
      const failure = await key.fails(named.endpoint, await inputOf(inputs, named))

      expect([failure.status, failure.code], named.name).toEqual([403, 'forbidden'])
    }
    expect(ofAccount.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['apiKeys.create', 'auth.changePassword', 'twoFactor.beginTotp']),
    )
  })

  test('for single servers does on them what it may, and sees no others in any list', async () => {
    const { w, admin } = await aWorld()
    const one = await w.addServer({ ownerId: admin.id })
    await w.addServer({ ownerId: admin.id })
    const key = await addKey(w, admin.id, allPermissions, { serverIds: [one.id] })
    const list = async (path: string) => (await (await key.send(path)).json()).data

    expect((await list('/api/servers')).map(({ id }: { id: string }) => id)).toEqual([one.id])
    expect(await list('/api/operations')).toEqual([])
    expect((await key.send(`/api/servers/${one.id}`)).status).toBe(200)
    const started = await key.send(`/api/servers/${one.id}/start`, { method: 'POST' })
    expect(started.status).toBe(202)
    expect((await list('/api/operations')).length).toBe(1)
  })
})

describe('every endpoint of a server, to a sub-user', () => {
  test('with all rights but the one it takes is closed', async () => {
    const { w, inputs } = await aWorld()
    for (const named of ofServer) {
      const input = (await inputOf(inputs, named)) as { readonly serverId: never }
      const guest = await w.user()
      const others = subUserPermissions.filter((name) => name !== named.needs)
      await w.rows.subUser(input.serverId, guest.id, others)

      const failure = await guest.fails(named.endpoint, input as never)

      expect([failure.status, failure.code], named.name).toEqual([403, 'forbidden'])
    }
  })

  test('with the one right it takes is open, where a sub-user can have it', async () => {
    for (const named of ofServer) {
      if (!subUserPermissions.includes(named.needs)) continue
      const { w, inputs } = await aWorld()
      const input = (await inputOf(inputs, named)) as { readonly serverId: never }
      const guest = await w.user()
      const all = named.name in alsoAsks ? subUserPermissions : [named.needs]
      await w.rows.subUser(input.serverId, guest.id, all)

      await works(guest, named, input as never)
    }
  })

  test('of another server is not there', async () => {
    const { w, inputs } = await aWorld()
    const guest = await w.user()
    await w.rows.subUser((await w.addServer()).id, guest.id, subUserPermissions)
    for (const named of ofServer) {
      const failure = await guest.fails(named.endpoint, await inputOf(inputs, named))

      const isOfPanel = permissions[named.needs].scope === 'panel'
      expect(failure.code, named.name).toBe(isOfPanel ? 'forbidden' : 'not_found')
    }
  })
})

test('endpoints of the panel and of servers are all of those that ask for a permission', () => {
  expect(ofPanel.length + ofServer.length).toBe(scoped.length)
  expect(ofPanel.length).toBeGreaterThan(20)
  expect(ofServer.length).toBeGreaterThan(15)
})
