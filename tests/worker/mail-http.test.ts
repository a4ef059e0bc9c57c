import { describe, expect, test } from 'vitest'
import type { MailId } from '../../contract/ids.ts'
import { createCarrier } from '../../worker/mail/carrier.ts'
import { isPrivateHost } from '../../worker/outgoing-address.ts'
import type { HttpWay, Letter } from '../../worker/services/mail/carrier.ts'

const letter: Letter = {
  id: '01938c5e-0000-7000-8000-000000000001' as MailId,
  from: { address: 'panel@example.org', name: 'The "Panel"' },
  to: 'ann@example.net',
  subject: 'Grüße',
  text: 'Open this.',
  at: 0,
}
const way: HttpWay = { transport: 'http', url: 'https://api.example.com/emails', key: 're_secret' }

/** A carrier whose internet is one answer. */
function carrierWith(answer: () => Promise<Response>, allowsPrivate = false) {
  const asked: Request[] = []
  const carrier = createCarrier({
    allowsPrivate,
    fetch: async (url, init) => {
      asked.push(new Request(url, init))
      return answer()
    },
    open: () => {
      throw new Error('no connection was set up')
    },
  })
  return { carrier, asked }
}

describe('a mail by HTTP', () => {
  test('is one request with the key as bearer and its id as idempotency key', async () => {
    const { carrier, asked } = carrierWith(async () => Response.json({ id: 'abc' }))

    const outcome = await carrier.carry(way, letter)

    expect(outcome).toEqual({ taken: true, said: '200 {"id":"abc"}' })
    const [request] = asked
    expect(request?.url).toBe(way.url)
    expect(request?.redirect).toBe('manual')
    expect(request?.headers.get('authorization')).toBe('Bearer re_secret')
    expect(request?.headers.get('idempotency-key')).toBe(letter.id)
    expect(await request?.json()).toEqual({
      from: '"The  Panel " <panel@example.org>',
      to: 'ann@example.net',
      subject: 'Grüße',
      text: 'Open this.',
    })
  })

  test('that is refused for good is told from one that may go later', async () => {
    const faults = { 302: 'failed', 400: 'refused', 401: 'failed', 422: 'refused', 429: 'failed' }
    for (const [status, fault] of Object.entries({ ...faults, 500: 'failed' })) {
      const headers = { location: 'http://169.254.169.254/' }
      const answer = async () => new Response('no', { status: Number(status), headers })
      const { carrier, asked } = carrierWith(answer)

      const outcome = await carrier.carry(way, letter)

      expect(outcome).toEqual({ taken: false, fault, said: `${status} no` })
      expect(asked).toHaveLength(1)
    }
  })

  test('is told in a line however much is answered, and never with the key', async () => {
    const long = carrierWith(async () => new Response(`re_secret ${'x'.repeat(1_000_000)}`))
    const broken = carrierWith(() => Promise.reject(new TypeError('no route with re_secret')))

    const told = await long.carrier.carry(way, letter)
    const failed = await broken.carrier.carry(way, letter)

    expect(told.said.length).toBeLessThan(310)
    expect(failed).toMatchObject({ taken: false, fault: 'unreachable' })
    expect(JSON.stringify([told, failed])).not.toContain('re_secret')
  })
})

describe('[S11] an address inside', () => {
  const inside = [
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    'db.internal',
    'printer',
    'nas.local',
    'router.lan',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
  ]

  test('is known in all of its spellings, and one outside is none', () => {
    for (const host of inside) expect(isPrivateHost(host), host).toBe(true)
    for (const host of ['smtp.example.com', '9.9.9.9', '[2620:fe::fe]', 'localhost.example.com']) {
      expect(isPrivateHost(host), host).toBe(false)
    }
  })

  test('is not asked, unless the panel is told that it may be', async () => {
    const ok = async () => Response.json({})
    const urls = ['https://127.0.0.1/', 'https://2130706433/', 'https://[::ffff:127.0.0.1]/']
    for (const url of urls) {
      const closed = carrierWith(ok)
      const open = carrierWith(ok, true)

      const refused = await closed.carrier.carry({ ...way, url }, letter)
      const taken = await open.carrier.carry({ ...way, url }, letter)

      expect(refused).toMatchObject({ taken: false, fault: 'unreachable' })
      expect([closed.asked.length, open.asked.length, taken.taken]).toEqual([0, 1, true])
    }
    const smtp = {
      transport: 'smtp',
      host: '10.1',
      port: 465,
      security: 'tls',
      login: null,
    } as const
    expect((await carrierWith(ok).carrier.carry(smtp, letter)).taken).toBe(false)
  })

  test('outside is asked over https only', async () => {
    const { carrier, asked } = carrierWith(async () => Response.json({}))

    const outcome = await carrier.carry({ ...way, url: 'http://api.example.com/' }, letter)

    expect(outcome).toMatchObject({ taken: false, said: 'The address has to begin with https.' })
    expect(asked).toEqual([])
  })
})
