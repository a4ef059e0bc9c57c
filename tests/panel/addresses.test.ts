import { expect, test } from 'vitest'
import { tokenIn } from '../../web/src/pages/account/set-up-token.ts'
import { safeNext } from '../../web/src/paths.ts'
import { addressOf } from '../../web/src/ui/address.ts'

test('after signing in people get to the page they wanted', () => {
  expect(safeNext('/admin/nodes?page=2')).toBe('/admin/nodes?page=2')
})

test.each([
  null,
  '',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
])('an address of another site leads home instead: %s', (next) => {
  expect(safeNext(next)).toBe('/servers')
})

test('the set-up token is taken from the fragment, then from the query', () => {
  expect(tokenIn({ hash: '#token=a', search: '?token=b' })).toBe('a')
  expect(tokenIn({ hash: '', search: '?token=b' })).toBe('b')
  expect(tokenIn({ hash: '', search: '' })).toBe('')
})

test('an address with a port is one that players can type', () => {
  expect(addressOf({ connection: { host: 'play.example.org', port: 3979 } })).toBe(
    'play.example.org:3979',
  )
  expect(addressOf({ connection: { host: '2001:db8::1', port: 3979 } })).toBe('[2001:db8::1]:3979')
  expect(addressOf({ connection: { host: 'play.example.org', port: null } })).toBeNull()
})
