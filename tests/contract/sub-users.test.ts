import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SubUserPermissions, subUsers } from '../../contract/api/sub-users.ts'
import {
  allPermissions,
  type Permission,
  permissions,
  presetPermissions,
  presets,
} from '../../contract/permissions.ts'
import { lacking } from '../../contract/rules/rights.ts'
import {
  changedRights,
  presetOf,
  rightsByInvite,
  subUserRights,
} from '../../contract/rules/sub-users.ts'

const some = fc.subarray([...allPermissions])

test('a sub-user may always see the server, and never what no sub-user may', () => {
  fc.assert(
    fc.property(some, (asked) => {
      const given = subUserRights({ permissions: asked })
      expect(given).toContain('server.read')
      expect(given.filter((name) => permissions[name].subUser === 'never')).toEqual([])
      expect(lacking(given, [...asked, 'server.read'])).toEqual([])
    }),
  )
})

test('a preset is known again by what it holds, and anything else is none', () => {
  for (const preset of presets) {
    expect(presetOf([...subUserRights({ preset })].reverse())).toBe(preset)
  }
  expect(presetOf([...presetPermissions('full'), 'server.delete'])).toBeNull()
  expect(presetOf([])).toBeNull()
})

test('what changes is what only one of two sets holds', () => {
  const before: Permission[] = ['server.read', 'server.start']
  const after: Permission[] = ['server.read', 'server.stop']

  expect(changedRights(before, after)).toEqual(['server.start', 'server.stop'])
  expect(changedRights(after, after)).toEqual([])
})

test('an invitation gives no more than it offers, nor than its inviter has by now', () => {
  fc.assert(
    fc.property(some, some, (offered, inviter) => {
      const given = rightsByInvite(offered, inviter)
      if (given === null) return
      expect(lacking(given, offered)).toEqual([])
      expect(lacking(given, inviter)).toEqual([])
      expect(inviter).toContain('subuser.create')
    }),
  )
  expect(rightsByInvite(['server.read'], ['server.read'])).toBeNull()
})

test('permissions that no sub-user may have, and preset and names at once, are refused as input', () => {
  const refuses = (body: object) => !subUsers.update.body.safeParse(body).success

  expect(SubUserPermissions.safeParse(['server.set_owner']).success).toBe(false)
  expect(SubUserPermissions.safeParse(['node.read']).success).toBe(false)
  expect(refuses({ permissions: ['server.read', 'server.read'] })).toBe(true)
  expect(refuses({ permissions: ['server.read'], preset: 'full' })).toBe(true)
  expect(refuses({})).toBe(true)
  expect(refuses({ preset: 'power' })).toBe(false)
})
