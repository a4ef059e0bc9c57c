import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressPrefix } from '../../worker/services/throttle/address-prefix.ts'

describe('what attempts are counted by of an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['10.0.0.9', '10.0.0.9'],
  ])('of %s it is %s', (ip, prefix) => {
    expect(addressPrefix(ip)).toBe(prefix)
  })

  test('an IPv4 address counts whole, and only one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        fc.pre(!ip.startsWith('127.'))

        expect(addressPrefix(ip)).toBe(ip)
        expect(addressPrefix(`::ffff:${ip}`)).toBe(ip)
      }),
    )
  })

  test('of IPv6, the first half alone counts', () => {
    const group = fc.integer({ min: 1, max: 0xffff }).map((number) => number.toString(16))
    const half = fc.tuple(group, group, group, group).map((groups) => groups.join(':'))
    fc.assert(
      fc.property(half, half, half, half, (network, one, other, elsewhere) => {
        const prefix = addressPrefix(`${network}:${one}`)

        expect(prefix).toBe(addressPrefix(`${network}:${other}`))
        expect(prefix === addressPrefix(`${elsewhere}:${one}`)).toBe(network === elsewhere)
      }),
    )
  })

  test.each([
    null,
    '',
    'localhost',
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '::ffff:127.0.0.1',
    '1.2.3.4.5',
  ])('a proxy that names nobody, and nonsense, is no address: %s', (ip) => {
    expect(addressPrefix(ip)).toBeNull()
  })
})
