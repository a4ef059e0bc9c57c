import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ServerId } from '../../contract/ids.ts'
import {
  allPermissions,
  builtinRoles,
  ownerPermissions,
  type Permission,
  permissions,
  presetPermissions,
  presets,
  subUserPermissions,
} from '../../contract/permissions.ts'
import {
  type KeyLimits,
  lacking,
  panelRights,
  type RightsFactors,
  serverRights,
} from '../../contract/rules/rights.ts'

const somePermissions = fc.subarray([...allPermissions])
const serverIds = ['one', 'two', 'three'].map((name) => name as ServerId)
const aServerId = fc.constantFrom(...serverIds)
const aKey: fc.Arbitrary<KeyLimits | null> = fc.option(
  fc.record({
    permissions: somePermissions,
    serverIds: fc.option(fc.subarray(serverIds)),
  }),
)
const someFactors: fc.Arbitrary<RightsFactors> = fc.record({
  userId: fc.constantFrom('ann', 'bob'),
  roles: somePermissions,
  grants: fc.array(fc.tuple(aServerId, somePermissions)).map((given) => new Map(given)),
  key: aKey,
})
const aServer = fc.record({ id: aServerId, ownerId: fc.constantFrom('ann', 'bob') })

function isSubset(some: readonly Permission[], all: readonly Permission[]): boolean {
  return lacking(some, all).length === 0
}

describe('effective rights', () => {
  test('on a server come from a role, from owning it or from a grant on it, and from nothing else', () => {
    fc.assert(
      fc.property(someFactors, aServer, (factors, server) => {
        const own = server.ownerId === factors.userId ? ownerPermissions : []
        const sources = [...factors.roles, ...own, ...(factors.grants.get(server.id) ?? [])]
        expect(isSubset(serverRights(factors, server), sources)).toBe(true)
      }),
    )
  })

  test('never exceed the key that is in use', () => {
    fc.assert(
      fc.property(someFactors, aServer, (factors, server) => {
        const { key } = factors
        if (key === null) return
        const onServer = serverRights(factors, server)
        expect(isSubset(onServer, key.permissions)).toBe(true)
        expect(isSubset(panelRights(factors), key.permissions)).toBe(true)
        if (key.serverIds === null) return
        expect(panelRights(factors)).toEqual([])
        if (!key.serverIds.includes(server.id)) expect(onServer).toEqual([])
      }),
    )
  })

  test('are with a key exactly what both the account and the key have', () => {
    fc.assert(
      fc.property(someFactors, aServer, (factors, server) => {
        const { key } = factors
        if (key === null || key.serverIds !== null) return
        const without = { ...factors, key: null }
        const both = (rights: readonly Permission[]) =>
          rights.filter((name) => key.permissions.includes(name))
        expect(serverRights(factors, server)).toEqual(both(serverRights(without, server)))
        expect(panelRights(factors)).toEqual(both(panelRights(without)))
      }),
    )
  })

  test('grow with no factor taken away', () => {
    fc.assert(
      fc.property(someFactors, aServer, somePermissions, (factors, server, taken) => {
        const before = serverRights(factors, server)
        const less = { ...factors, roles: factors.roles.filter((name) => !taken.includes(name)) }
        expect(isSubset(serverRights(less, server), before)).toBe(true)
        const alone = { ...factors, grants: new Map() }
        expect(isSubset(serverRights(alone, server), before)).toBe(true)
      }),
    )
  })
})

describe('the table of permissions', () => {
  test('gives Administrator all and User none', () => {
    expect(builtinRoles.administrator.permissions).toEqual(allPermissions)
    expect(builtinRoles.user.permissions).toEqual([])
  })

  test('gives Support nothing that changes anything', () => {
    const verbs = builtinRoles.support.permissions.map((name) => name.split('.')[1])
    expect([...new Set(verbs)]).toEqual(['read'])
  })

  test('has presets of which each holds the one before it, and all may read the server', () => {
    const sets = presets.map(presetPermissions)
    for (const [index, set] of sets.entries()) {
      expect(set).toContain('server.read')
      expect(isSubset(sets[index - 1] ?? [], set)).toBe(true)
      expect(isSubset(set, subUserPermissions)).toBe(true)
    }
  })

  test('lets a sub-user have only rights on a server, and not the server itself', () => {
    const scopes = subUserPermissions.map((name) => permissions[name].scope)
    expect(new Set(scopes)).toEqual(new Set(['server']))
    expect(subUserPermissions).not.toContain('server.set_owner')
  })
})
