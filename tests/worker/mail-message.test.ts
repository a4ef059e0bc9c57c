import { describe, expect, test } from 'vitest'
import type { MailId } from '../../contract/ids.ts'
import { composeMessage } from '../../worker/mail/message.ts'
import type { Letter } from '../../worker/services/mail/carrier.ts'

const letter: Letter = {
  id: '01938c5e-0000-7000-8000-000000000001' as MailId,
  from: { address: 'panel@example.org', name: 'Catalyst' },
  to: 'ann@example.net',
  subject: 'Your invitation',
  text: 'Hello Ann,\n\nopen this.\n',
  at: Date.parse('2026-11-24T12:00:00Z'),
}

/** Headers, unfolded, and the body as text. */
function parse(message: string) {
  const split = message.indexOf('\r\n\r\n')
  const lines = message.slice(0, split).replaceAll('\r\n ', '').split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)] as const
  })
  const body = Buffer.from(message.slice(split + 4).replaceAll('\r\n', ''), 'base64')
  return { headers: new Map(headers), names: headers.map(([name]) => name), body: String(body) }
}

function decoded(words: string | undefined): string {
  return (words ?? '').replaceAll(/=\?UTF-8\?B\?([\w+/=]*)\?=/g, (_word, text: string) =>
    String(Buffer.from(text, 'base64')),
  )
}

describe('a mail', () => {
  test('has the headers of RFC 5322, and its id in its Message-ID', () => {
    const { headers, body } = parse(composeMessage(letter))

    expect(Object.fromEntries(headers)).toEqual({
      From: 'Catalyst <panel@example.org>',
      To: 'ann@example.net',
      Subject: 'Your invitation',
      Date: 'Tue, 24 Nov 2026 12:00:00 +0000',
      'Message-ID': `<${letter.id}@example.org>`,
      'MIME-Version': '1.0',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Transfer-Encoding': 'base64',
      'Auto-Submitted': 'auto-generated',
    })
    expect(body).toBe('Hello Ann,\r\n\r\nopen this.\r\n')
  })

  test('carries any text, in lines that no server cuts or takes for its end', () => {
    const subject =
      'Grüße aus Łódź: 東京の🎮サーバー, und noch viel mehr Text als in eine Zeile passt'
    const text = `.\n..\n${'x'.repeat(5000)}\nŻółć 🎮\n.`

    const message = composeMessage({ ...letter, subject, text })

    const { headers, body } = parse(message)
    expect(decoded(headers.get('Subject'))).toBe(subject)
    expect(body).toBe(text.replaceAll('\n', '\r\n'))
    for (const line of message.split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(78)
      expect(line.startsWith('.')).toBe(false)
      expect(line).toMatch(/^[\x20-\x7e]*$/)
    }
  })

  test('has no header that its subject, a name or an address brings along', () => {
    const names = parse(composeMessage(letter)).names
    const nasty = [
      'x\r\nBcc: everybody@example.com',
      'x\nBcc: everybody@example.com',
      'x\rBcc: everybody@example.com',
      'x\u2028Bcc: e@example.com',
      'x\u0085Bcc: e@example.com',
      '=?UTF-8?Q?x=0D=0ABcc:_e@example.com?=',
      '"> <everybody@example.com>, "',
      ' leading and trailing ',
    ]
    for (const text of nasty) {
      const message = composeMessage({
        ...letter,
        subject: text,
        from: { address: 'panel@example.org', name: text },
      })

      const parsed = parse(message)
      expect(parsed.names).toEqual(names)
      expect(parsed.headers.get('From')).toMatch(
        /^(=\?UTF-8\?B\?[\w+/=]*\?=)+ <panel@example.org>$/,
      )
    }
  })

  test('is refused to what is no plain address', () => {
    const addresses = [
      'a@b.example\r\nRCPT TO:<c@d.example>',
      'a@b.example> SIZE=1',
      '<a@b.example>',
      'a b@c.example',
      'a@b.example, c@d.example',
      'a@@b.example',
      '"a"@b.example',
      'ä@b.example',
      'a@b.example\n',
      '@b.example',
      'a@',
      '',
    ]
    for (const address of addresses) {
      const from = { address, name: '' }
      expect(() => composeMessage({ ...letter, to: address }), address).toThrow('not an e-mail')
      expect(() => composeMessage({ ...letter, from }), address).toThrow('not an e-mail')
    }
  })
})
