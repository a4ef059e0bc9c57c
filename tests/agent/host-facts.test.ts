import { expect, test } from 'vitest'
import { ownAddresses } from '../../agent/host-facts.ts'

const outside = (address: string) => ({ address, internal: false })

test('a machine names the addresses by which others reach it, and none of containers', () => {
  const addresses = ownAddresses({
    lo: [{ address: '127.0.0.1', internal: true }],
    eth0: [outside('192.0.2.1'), outside('2001:db8::1'), outside('fe80::1')],
    eth1: [outside('169.254.0.7')],
    docker0: [outside('172.17.0.1')],
    'ct-0a1b2c3d4e5f': [outside('10.213.0.1')],
    'br-1f2e': [outside('172.18.0.1')],
    wg0: [outside('10.8.0.1')],
    gone: undefined,
  })

  expect(addresses).toEqual(['192.0.2.1', '2001:db8::1', '10.8.0.1'])
})
