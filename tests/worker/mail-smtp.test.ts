import { describe, expect, test } from 'vitest'
import type { MailId } from '../../contract/ids.ts'
import { sendBySmtp } from '../../worker/mail/smtp.ts'
import type { Letter, SmtpWay } from '../../worker/services/mail/carrier.ts'
import { scriptedSmtp, type Turn } from '../support/scripted-smtp.ts'

const letter: Letter = {
  id: '01938c5e-0000-7000-8000-000000000001' as MailId,
  from: { address: 'panel@example.org', name: 'Catalyst' },
  to: 'ann@example.net',
  subject: 'Your invitation',
  text: 'Open this.',
  at: 0,
}
const login = { user: 'me', password: 'pässword-0815' }
const way: SmtpWay = { transport: 'smtp', host: 'smtp.example', port: 465, security: 'tls', login }
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')

const hello: Turn[] = [{ hears: /^EHLO example\.org$/ }]
const greeted: Turn[] = [{ says: '220 smtp.example ready\r\n' }, ...hello]
const withPlain: Turn[] = [
  ...greeted,
  { says: '250-smtp.example\r\n250-SIZE 1000\r\n250 AUTH LOGIN PLAIN\r\n' },
  { hears: /^AUTH PLAIN / },
  { says: '235 2.7.0 welcome\r\n' },
]
const envelope: Turn[] = [
  { hears: /^MAIL FROM:<panel@example\.org>$/ },
  { says: '250 ok\r\n' },
  { hears: /^RCPT TO:<ann@example\.net>$/ },
  { says: '250 ok\r\n' },
  { hears: /^DATA$/ },
  { says: '354 go on\r\n' },
  { hears: /^\.$/ },
]
const taken: Turn[] = [...envelope, { says: '250 2.0.0 queued as 17\r\n' }, { hears: /^QUIT$/ }]

describe('a mail by SMTP', () => {
  test('is handed over in one conversation, encrypted from its first byte', async () => {
    const server = scriptedSmtp([...withPlain, ...taken])

    const outcome = await sendBySmtp(server.open, way, letter)

    expect(outcome).toEqual({ taken: true, said: '250 2.0.0 queued as 17' })
    expect([server.tls(), server.left(), server.isClosed()]).toEqual(['at_once', 0, true])
    expect(server.heard).toContain(`AUTH PLAIN ${base64('\0me\0pässword-0815')}`)
    expect(server.heard).toContain('Subject: Your invitation')
  })

  test('asks for encryption, and what is said before it counts for nothing', async () => {
    const server = scriptedSmtp([
      ...greeted,
      { says: '250-smtp.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n' },
      { hears: /^STARTTLS$/ },
      { says: '220 go on\r\n' },
      ...hello,
      { says: '250-smtp.example\r\n250 AUTH LOGIN\r\n' },
      { hears: /^AUTH LOGIN$/ },
      { says: '334 VXNlcm5hbWU6\r\n' },
      { hears: new RegExp(`^${base64('me')}$`) },
      { says: '334 UGFzc3dvcmQ6\r\n' },
      { hears: new RegExp(`^${base64('pässword-0815')}$`) },
      { says: '235 welcome\r\n' },
      ...taken,
    ])

    const outcome = await sendBySmtp(server.open, { ...way, security: 'starttls' }, letter)

    expect(outcome.taken).toBe(true)
    expect([server.tls(), server.left()]).toEqual(['on', 0])
  })

  test('is not sent, nor a password said, to a server that offers no encryption', async () => {
    const server = scriptedSmtp([...greeted, { says: '250-smtp.example\r\n250 AUTH PLAIN\r\n' }])

    const outcome = await sendBySmtp(server.open, { ...way, security: 'starttls' }, letter)

    expect(outcome).toMatchObject({ taken: false, fault: 'failed' })
    expect(outcome.said).toContain('no encryption')
    expect(server.heard).toEqual(['EHLO example.org'])
  })

  test('is not sent after words that somebody put before the encryption', async () => {
    const server = scriptedSmtp([
      ...greeted,
      { says: '250-smtp.example\r\n250 STARTTLS\r\n' },
      { hears: /^STARTTLS$/ },
      { says: '220 go on\r\n250 injected\r\n' },
    ])

    const outcome = await sendBySmtp(server.open, { ...way, security: 'starttls' }, letter)

    expect(outcome).toMatchObject({ taken: false, fault: 'unreachable' })
    expect(server.tls()).toBe('later')
  })

  test('goes without a login where none is set, and fails where one is set and not asked for', async () => {
    const none = [...greeted, { says: '250 smtp.example\r\n' }]

    const open = await sendBySmtp(
      scriptedSmtp([...none, ...taken]).open,
      { ...way, login: null },
      letter,
    )
    const asked = await sendBySmtp(scriptedSmtp(none).open, way, letter)

    expect(open.taken).toBe(true)
    expect(asked).toMatchObject({ taken: false, fault: 'failed' })
  })

  test('that is refused for good is told from one that may go later', async () => {
    const [mail, mailOk, rcpt] = envelope
    if (mail === undefined || mailOk === undefined || rcpt === undefined) throw new Error('script')
    const cases = [
      [[{ says: '554 go away\r\n' }], 'failed'],
      [[...greeted, { says: '421 too busy\r\n' }], 'failed'],
      [[...withPlain.slice(0, -1), { says: '535 wrong password\r\n' }], 'failed'],
      [[...withPlain, mail, { says: '550 not your domain\r\n' }], 'failed'],
      [[...withPlain, mail, mailOk, rcpt, { says: '450 greylisted\r\n' }], 'failed'],
      [[...withPlain, mail, mailOk, rcpt, { says: '550 no such user\r\n' }], 'refused'],
      [[...withPlain, ...envelope, { says: '451 later\r\n' }], 'failed'],
      [[...withPlain, ...envelope, { says: '554 spam\r\n' }], 'refused'],
    ] as const
    for (const [script, fault] of cases) {
      const server = scriptedSmtp(script)
      const last = script.at(-1)

      const outcome = await sendBySmtp(server.open, way, letter)

      expect(outcome).toMatchObject({ taken: false, fault })
      expect(last).toEqual({ says: `${outcome.said}\r\n` })
      expect(server.isClosed()).toBe(true)
    }
  })

  test('ends when the server goes silent, goes away, never ends or speaks something else', async () => {
    const cases: readonly Turn[][] = [
      [{ goesSilent: true }],
      [...withPlain, ...envelope, { goesSilent: true }],
      [{ closes: true }],
      [{ says: '220 half a li' }, { closes: true }],
      [{ says: 'HTTP/1.1 400 Bad Request\r\n' }],
      [{ says: '220-smtp\r\n250 other\r\n' }],
      [{ says: 'x'.repeat(5000) }],
      [{ says: '220-again\r\n'.repeat(500) }],
      [{ says: '999 what\r\n' }],
    ]
    for (const script of cases) {
      const server = scriptedSmtp(script)

      const outcome = await sendBySmtp(server.open, way, letter, 20)

      expect(outcome, JSON.stringify(script)).toMatchObject({ taken: false, fault: 'unreachable' })
      expect(server.isClosed()).toBe(true)
    }
  })

  test('takes replies in whatever pieces they come', async () => {
    const pieces = [...withPlain, ...taken].flatMap((turn): Turn[] =>
      'says' in turn ? [...turn.says].map((says) => ({ says })) : [turn],
    )

    expect((await sendBySmtp(scriptedSmtp(pieces).open, way, letter)).taken).toBe(true)
  })

  test('that cannot be sent tells no secret, whatever the server repeats', async () => {
    const echo = `535 ${login.password} ${base64(`\0me\0${login.password}`)} \u001b[31mred\r\n`
    const server = scriptedSmtp([...withPlain.slice(0, -1), { says: echo }])

    const { said } = await sendBySmtp(server.open, way, letter)

    expect(said).toBe('535 ••• ••• [31mred')
  })

  test('to an address with a command in it is never begun', async () => {
    const server = scriptedSmtp([])
    const to = 'a@b.example>\r\nRCPT TO:<c@d.example'

    expect(await sendBySmtp(server.open, way, { ...letter, to })).toMatchObject({ taken: false })
    expect(server.heard).toEqual([])
  })
})
