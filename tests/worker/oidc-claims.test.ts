import { describe, expect, test } from 'vitest'
import {
  mergedClaims,
  personName,
  rolesByClaims,
  valuesOf,
  verifiedEmail,
} from '../../worker/services/oidc/claims.ts'

describe('a claim', () => {
  test('may be a text, words, a list, a number or a yes', () => {
    expect(valuesOf({ group: 'staff' }, 'group')).toEqual(['staff'])
    expect(valuesOf({ scope: 'read write' }, 'scope')).toEqual(['read write', 'read', 'write'])
    expect(valuesOf({ groups: ['a', 'b c', 3, null, {}] }, 'groups')).toEqual(['a', 'b c', '3'])
    expect(valuesOf({ level: 3 }, 'level')).toEqual(['3'])
    expect(valuesOf({ staff: true }, 'staff')).toEqual(['true'])
    expect(valuesOf({ staff: null, list: {} }, 'staff')).toEqual([])
  })

  test('is found inside of objects, and under a name that holds dots', () => {
    const claims = {
      realm_access: { roles: ['admin'] },
      'https://example.com/roles': ['editor'],
      resource: { 'panel.example': { roles: ['owner'] } },
      'a.b': { c: 'long' },
      a: { 'b.c': 'short' },
    }

    expect(valuesOf(claims, 'realm_access.roles')).toEqual(['admin'])
    expect(valuesOf(claims, 'https://example.com/roles')).toEqual(['editor'])
    expect(valuesOf(claims, 'resource.panel.example.roles')).toEqual(['owner'])
    expect(valuesOf(claims, 'a.b.c')).toEqual(['long'])
    expect(valuesOf(claims, 'realm_access.nothing')).toEqual([])
  })

  test('is never what every object has', () => {
    const names = [
      'constructor',
      '__proto__',
      'toString',
      'groups.length',
      'groups.0',
      'text.length',
    ]
    for (const name of [...names, '__proto__.constructor.name', '.', '..', 'a..b']) {
      expect(valuesOf({ groups: ['a'], text: 'abc' }, name), name).toEqual([])
    }
  })
})

test('rules give the roles of those that match, and name the roles of all', () => {
  const rules = [
    { claim: 'groups', value: 'admins', roleId: 'admin' },
    { claim: 'groups', value: 'helpdesk', roleId: 'support' },
    { claim: 'team', value: 'help', roleId: 'support' },
  ]

  expect(rolesByClaims(rules, { groups: ['Admins'], team: 'help' })).toEqual({
    named: ['admin', 'support'],
    given: ['support'],
  })
  expect(rolesByClaims([], { groups: ['admins'] })).toEqual({ named: [], given: [] })
})

describe('an e-mail address', () => {
  test('counts only with a plain yes beside it', () => {
    const email = 'Ann@Example.net'

    expect(verifiedEmail({ email, email_verified: true })).toBe('ann@example.net')
    for (const email_verified of [false, 'true', 1, null, undefined]) {
      expect(verifiedEmail({ email, email_verified })).toBeNull()
    }
    expect(verifiedEmail({ email: 'no address', email_verified: true })).toBeNull()
  })

  test('is verified by whoever names it: one half of each is worth nothing', () => {
    const own = { email: 'ann@example.net', email_verified: true }
    const foreign = { email: 'boss@example.net' }

    expect(verifiedEmail(mergedClaims(foreign, own))).toBeNull()
    expect(verifiedEmail(mergedClaims({ email_verified: true }, foreign))).toBeNull()
    expect(verifiedEmail(mergedClaims({ sub: 'a' }, own))).toBe('ann@example.net')
    expect(mergedClaims({ sub: 'a', name: 'Ann' }, { name: 'Other', groups: 1 })).toMatchObject({
      name: 'Ann',
      groups: 1,
    })
  })
})

test('somebody is called as the provider does, and by their address where it does not', () => {
  expect(personName({ name: ' Ann\u0000 ' }, 'a@b.c')).toBe('Ann')
  expect(personName({ name: '', preferred_username: 'ann' }, 'a@b.c')).toBe('ann')
  expect(personName({ name: 7 }, 'ann@b.c')).toBe('ann')
  expect(personName({ name: 'x'.repeat(300) }, 'a@b.c')).toHaveLength(100)
})
