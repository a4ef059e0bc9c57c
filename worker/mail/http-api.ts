import type { HttpWay, Letter, Outcome } from '../services/mail/carrier.ts'
import { requireAddress } from './message.ts'
import { printable } from './printable.ts'

const withinMs = 20_000
/** Of an answer no more than this is read, in bytes. */
const readAtMost = 4096

/** A no to this mail and not to the key, the address or the moment. */
const lasting: readonly number[] = [400, 413, 422]

/**
 * Hands a mail to an HTTP mail API: `{ from, to, subject, text }` with the key as bearer, as Resend's takes
 * it. The idempotency key lets an API that knows it deliver a repeated request once.
 */
export async function sendByHttp(
  ask: typeof fetch,
  { url, key }: HttpWay,
  letter: Letter,
): Promise<Outcome> {
  try {
    const response = await ask(url, {
      method: 'POST',
      // An address that was checked could lead to one that was not.
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': letter.id,
      },
      body: JSON.stringify({
        from: senderOf(letter),
        to: requireAddress(letter.to),
        subject: letter.subject,
        text: letter.text,
      }),
    })
    const said = printable(`${response.status} ${await beginning(response)}`, key)
    if (response.ok) return { taken: true, said }
    return { taken: false, fault: lasting.includes(response.status) ? 'refused' : 'failed', said }
  } catch (error) {
    const said = printable(error instanceof Error ? error.message : String(error), key)
    return { taken: false, fault: 'unreachable', said }
  }
}

function senderOf({ from }: Letter): string {
  const address = requireAddress(from.address)
  return from.name === '' ? address : `"${from.name.replaceAll(/["\\\p{Cc}]/gu, ' ')}" <${address}>`
}

async function beginning(response: Response): Promise<string> {
  if (response.body === null) return ''
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; bytes < readAtMost; ) {
    const { done, value } = await reader.read()
    if (done) return text
    bytes += value.byteLength
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text
}
