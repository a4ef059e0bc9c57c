import type { Letter } from '../services/mail/carrier.ts'

/** Bytes of text in one encoded word: with its frame it stays below the 75 characters of RFC 2047. */
const wordBytes = 39
const bodyColumns = 76

/**
 * Writes a mail as RFC 5322 wants it. Nothing of it can start a header of its own: addresses are refused
 * unless they are plain, other text is encoded unless it is. The body is base64, so that no line of it is
 * too long, begins with a dot or needs an 8-bit server.
 * @throws Error when an address is none
 */
export function composeMessage({ id, from, to, subject, text, at }: Letter): string {
  const sender = requireAddress(from.address)
  const headers = [
    `From: ${from.name === '' ? sender : `${phrase(from.name)} <${sender}>`}`,
    `To: ${requireAddress(to)}`,
    `Subject: ${unstructured(subject)}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${domainOf(sender)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
  ]
  return `${headers.join('\r\n')}\r\n\r\n${encodeBody(text)}\r\n`
}

/** @throws Error when the text is no address that can stand in a header or an SMTP command as it is */
export function requireAddress(text: string): string {
  if (/^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text)) return text
  throw new Error('not an e-mail address')
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** A name before an address: plain words as they are, anything else encoded. */
function phrase(name: string): string {
  return /^[a-z0-9]+( [a-z0-9]+)*$/i.test(name) && name.length <= 60 ? name : encodedWords(name)
}

function unstructured(text: string): string {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) && text.length <= 60
  return isPlain && !text.includes('=?') ? text : encodedWords(text)
}

/** RFC 2047, in words that each hold whole characters. */
function encodedWords(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text.replaceAll(/\p{Cc}/gu, ' ')) {
    if (Buffer.byteLength(word + character) > wordBytes) {
      words.push(word)
      word = ''
    }
    word += character
  }
  words.push(word)
  return words.map((each) => `=?UTF-8?B?${base64(each)}?=`).join('\r\n ')
}

function encodeBody(text: string): string {
  const whole = base64(text.replaceAll(/\r\n|\r|\n/g, '\r\n'))
  const lines = Math.ceil(whole.length / bodyColumns)
  return Array.from({ length: lines }, (_, line) =>
    whole.slice(line * bodyColumns, (line + 1) * bodyColumns),
  ).join('\r\n')
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
