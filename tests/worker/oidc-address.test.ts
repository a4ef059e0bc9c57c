import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../worker/oidc/address.ts'

const inside = [
  ...['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0x7f000001', '017700000001'],
  ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '3232235777'],
  ...['169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '240.0.0.1'],
  ...['192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1'],
  ...['[::]', '[::1]', '[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd12:3456::1]', '[ff02::1]'],
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[::127.0.0.1]',
    '[::a00:1]',
  ],
  ...['[64:ff9b::7f00:1]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]', '[2001:0:1::1]', '[100::1]'],
  ...['[2001:db8::1]', '[4000::1]', '[5f00::1]'],
  ...[
    'localhost',
    'localhost.',
    'a.localhost',
    'LOCALHOST',
    'router',
    'db.internal',
    'nas.local',
    'localhost.localdomain',
  ],
  ...['printer.lan', 'box.home.arpa', '127.0.0.1.', '１２７.０.０.１', '127。0。0。1'],
]
const outside = [
  'id.example.com',
  '9.9.9.9',
  '[2620:fe::fe]',
  '[::ffff:9.9.9.9]',
  'localhost.example.com',
]

describe('an address of a provider', () => {
  test('inside is refused in each of its spellings', () => {
    for (const host of inside) expect(refusalOf(`https://${host}/`, false), host).not.toBeNull()
    for (const host of outside) expect(refusalOf(`https://${host}/`, false), host).toBeNull()
  })

  test('has to begin with https and hold no user', () => {
    const bad = [
      'http://id.example.com/',
      'ftp://id.example.com/',
      'file:///etc/passwd',
      'data:text/plain,a',
      'https://user@id.example.com/',
      'https://user:pass@id.example.com/',
      'https://id.example.com@127.0.0.1/',
      '//id.example.com',
      'https://',
      '',
    ]
    for (const address of bad) expect(refusalOf(address, false), address).not.toBeNull()
  })

  test('on the panel’s own machine or network is allowed where that is said, without TLS on the machine alone', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(refusalOf(`http://${host}:8080/`, true), host).toBeNull()
    }
    expect(refusalOf('https://10.0.0.1/', true)).toBeNull()
    expect(refusalOf('http://10.0.0.1/', true)).not.toBeNull()
    expect(refusalOf('http://id.example.com/', true)).not.toBeNull()
    expect(refusalOf('http://127.0.0.1:8080/', false)).not.toBeNull()
  })
})
