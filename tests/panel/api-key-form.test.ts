import { expect, test } from 'vitest'
import type { ApiKey } from '../../contract/api/api-keys.ts'
import type { ServerId } from '../../contract/ids.ts'
import { ownerPermissions } from '../../contract/permissions.ts'
import {
  inputOf,
  type KeyValues,
  problemsOf,
  readOnlyOf,
  valuesOf,
} from '../../web/src/pages/account/api-keys/key-values.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const serverId = '01900000-0000-7000-8000-000000000001' as ServerId
const filled = (change: Partial<KeyValues> = {}): KeyValues => ({
  ...valuesOf(null),
  name: 'Deploys',
  permissions: ['server.read', 'server.start', 'node.read'],
  ...change,
})

test('a new key lasts 90 days and opens all that it may, unless the form says otherwise', () => {
  expect(inputOf(filled(), now)).toEqual({
    name: 'Deploys',
    permissions: ['server.read', 'server.start', 'node.read'],
    serverIds: null,
    addresses: null,
    expiresAt: '2027-02-22T12:00:00.000Z',
  })
  expect(problemsOf(filled(), now)).toEqual({})
})

test('a key for single servers holds nothing that is only of use on the whole panel', () => {
  const input = inputOf(filled({ limited: true, serverIds: [serverId] }), now)

  expect(input).toMatchObject({
    permissions: ['server.read', 'server.start'],
    serverIds: [serverId],
  })
  expect(problemsOf(filled({ limited: true, permissions: ['node.read'] }), now)).toEqual({
    permissions: 'Choose at least one.',
    serverIds: 'Choose at least one.',
  })
})

test('addresses stand one a line, with commas or blanks between them, and a wrong one is told', () => {
  const addresses = ' 203.0.113.7, 2001:db8::/48\n\n10.0.0.0/8 '

  expect(inputOf(filled({ addresses }), now).addresses).toEqual([
    '203.0.113.7',
    '2001:db8::/48',
    '10.0.0.0/8',
  ])
  expect(Object.keys(problemsOf(filled({ addresses: '10.0.0.0/8 home' }), now))).toEqual([
    'addresses',
  ])
})

test('it ends never, after some days, or at the end of a day that is still to come', () => {
  const endsAt = (change: Partial<KeyValues>) => inputOf(filled(change), now).expiresAt
  const onDay = (day: string) => problemsOf(filled({ expiry: 'day', day }), now).expiresAt

  expect(endsAt({ expiry: 'never' })).toBeNull()
  expect(endsAt({ expiry: '30' })).toBe('2026-12-24T12:00:00.000Z')
  expect(endsAt({ expiry: 'day', day: '2027-01-31' })).toBe(
    new Date('2027-01-31T23:59:59').toISOString(),
  )
  expect(onDay('2027-01-31')).toBeUndefined()
  expect(onDay('2026-11-22')).toBe('Choose a later day.')
  expect(onDay('')).toBe('Choose a day.')
})

test('a key that is there keeps its time unless another one is chosen', () => {
  const saved: ApiKey = {
    id: serverId as never,
    name: 'Deploys',
    start: 'cat_AbCdEfGh',
    permissions: ['server.read'],
    serverIds: [serverId],
    addresses: ['10.0.0.0/8', '203.0.113.7'],
    expiresAt: '2026-11-20T00:00:00.000Z',
    lastUsedAt: null,
    lastUsedIp: null,
    createdAt: '2026-01-01T00:00:00.000Z',
  }

  const values = valuesOf(saved)

  expect(problemsOf(values, now)).toEqual({})
  expect(inputOf(values, now)).toEqual({
    name: 'Deploys',
    permissions: ['server.read'],
    serverIds: [serverId],
    addresses: ['10.0.0.0/8', '203.0.113.7'],
  })
  expect(inputOf({ ...values, expiry: 'never' }, now)).toHaveProperty('expiresAt', null)
})

test('the preset that only reads is made of the rights to read', () => {
  expect(readOnlyOf(ownerPermissions)).toEqual([
    'server.read',
    'console.read',
    'allocation.read',
    'activity.read',
    'subuser.read',
  ])
})
