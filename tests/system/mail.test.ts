import { mkdtempSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountLinks } from '../../contract/api/account-links.ts'
import { auth } from '../../contract/api/accounts.ts'
import { type MailChange, settings } from '../../contract/api/settings.ts'
import { type LocalCertificate, localCertificate } from '../support/certificate.ts'
import { mailText, startMailServer } from '../support/mail-server.ts'
import { removeStack, type Stack, startStack } from '../support/stack.ts'
import { until } from '../support/until.ts'

const sender = {
  fromAddress: 'panel@example.org',
  fromName: 'Käfig',
  panelUrl: 'https://p.example',
}

describe('mail from the real runtime', () => {
  let folder: string
  let certificate: LocalCertificate
  let stack: Stack

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'catalyst-mail-'))
    certificate = localCertificate(folder)
    const env = { NODE_EXTRA_CA_CERTS: certificate.authorityFile, PRIVATE_ADDRESSES: 'allow' }
    stack = await startStack({ args: ['--no-agent'], env })
  })
  afterAll(async () => {
    removeStack(folder)
    await stack.stop()
    removeStack(stack.dataDir)
  })

  const serve = (options: Parameters<typeof startMailServer>[0]) =>
    startMailServer({ key: certificate.key, cert: certificate.cert, ...options })

  async function setMail(port: number, security: 'tls' | 'starttls', change = {}) {
    const smtp = { transport: 'smtp', ...sender, host: 'localhost', port, security } as const
    const mail: MailChange = { ...smtp, user: 'panel', password: 'the password', ...change }
    await stack.call(settings.update, { mail })
  }

  test('goes over TLS, with its login, headers and text as they were meant', async () => {
    const server = await serve({ secure: true })
    await setMail(server.port, 'tls')

    const answer = await stack.call(settings.testMail, {})

    await server.stop()
    expect(answer).toEqual({ taken: true, said: expect.stringMatching(/^250 /) })
    const [mail] = server.received
    expect(mail).toMatchObject({
      from: 'panel@example.org',
      to: ['admin@example.com'],
      user: 'panel',
      encrypted: true,
    })
    expect(mail?.source).toMatch(/^From: =\?UTF-8\?B\?[\w+/=]+\?= <panel@example.org>\r\n/)
    expect(mail?.source).toMatch(/\r\nMessage-ID: <[\w-]{36}@example.org>\r\n/)
    expect(mailText(mail)).toContain('this mail was sent to try the mail settings')
  })

  test('asks for encryption first where the server begins without, and logs in by AUTH LOGIN', async () => {
    const server = await serve({ authMethods: ['LOGIN'] })
    await setMail(server.port, 'starttls')

    const answer = await stack.call(settings.testMail, {})

    await server.stop()
    expect(answer.taken, answer.said).toBe(true)
    expect(server.received).toMatchObject([{ encrypted: true, user: 'panel' }])
  })

  test('is not sent without encryption, with a wrong password, or to nobody', async () => {
    const plain = await serve({ hideSTARTTLS: true, authOptional: true })
    await setMail(plain.port, 'starttls')
    const unencrypted = await stack.call(settings.testMail, {})
    await plain.stop()
    const server = await serve({ secure: true })
    await setMail(server.port, 'tls', { password: 'a wrong one' })
    const refused = await stack.call(settings.testMail, {})
    await server.stop()
    const away = await stack.call(settings.testMail, {})

    expect(unencrypted).toMatchObject({
      taken: false,
      said: expect.stringContaining('no encryption'),
    })
    expect(refused).toMatchObject({ taken: false, said: expect.stringMatching(/^535 /) })
    expect(away.taken).toBe(false)
    expect([...plain.received, ...server.received]).toEqual([])
  })

  test('is not given to a server whose certificate nobody trusts', async () => {
    const stranger = localCertificate(mkdtempSync(join(folder, 'stranger-')))
    const server = await startMailServer({ secure: true, key: stranger.key, cert: stranger.cert })
    await setMail(server.port, 'tls')

    const answer = await stack.call(settings.testMail, {})

    await server.stop()
    expect(answer.taken).toBe(false)
    expect(server.received).toEqual([])
  })

  test('goes to an HTTP API too, which may redirect nowhere', async () => {
    const asked: { headers: IncomingHttpHeaders; body: string }[] = []
    const api = createServer(certificate, async (request, response) => {
      asked.push({ headers: request.headers, body: await text(request) })
      const status = asked.length === 1 ? 200 : 307
      response.writeHead(status, { location: '/elsewhere' }).end('{"id":"17"}')
    })
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', () => resolve()))
    const { port } = api.address() as AddressInfo // it listens on a port
    const url = `https://localhost:${port}/emails`
    const mail: MailChange = { transport: 'http', ...sender, url, key: 're_key' }
    await stack.call(settings.update, { mail })

    const taken = await stack.call(settings.testMail, {})
    const redirected = await stack.call(settings.testMail, {})

    api.close()
    expect(taken).toEqual({ taken: true, said: '200 {"id":"17"}' })
    expect(redirected.taken).toBe(false)
    expect(asked).toHaveLength(2)
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer re_key',
      'content-type': 'application/json',
      'idempotency-key': expect.stringMatching(/^[\w-]{36}$/),
    })
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      from: '"Käfig" <panel@example.org>',
      to: 'admin@example.com',
    })
  })

  test('carries an invitation after the answer, whose link lets its reader in', async () => {
    const server = await serve({ secure: true })
    await setMail(server.port, 'tls')
    const invited = { email: 'ann@example.net', name: 'Ann' }

    const made = await stack.call(accountLinks.invite, invited)
    await until(() => server.received.length > 0)
    const said = mailText(server.received[0])
    const token = /^https:\/\/p\.example\/accept-invite#(\S+)$/m.exec(said)?.[1]
    const accepted = await stack.call(accountLinks.acceptInvite, {
      token: token ?? '',
      password: 'a long password',
    })

    await server.stop()
    expect(made).toMatchObject({ mailed: true, url: null })
    expect(accepted).toMatchObject(invited)
    const own = { email: invited.email, password: 'a long password' }
    expect(await stack.call(auth.login, own)).toMatchObject(invited)
  })
})
