import { refusalOf } from '../oidc/address.ts'
import type { DocumentGate, FetchedDocument } from '../services/templates/document-gate.ts'

/** All answers together have to come within this. */
const withinMs = 10_000
/** The largest document that is read, in bytes. */
const maxBytes = 900_000
const mostRedirects = 3

interface Outside {
  readonly fetch: typeof fetch
  /** Whether documents may stand on the panel's own machine or network [S11]. */
  readonly allowsPrivate: boolean
}

/**
 * The real gate. Each address on the way is checked, those of redirects too; nothing of the panel is sent
 * along, and no more is read than a template may have.
 */
export function createDocumentGate(outside: Outside): DocumentGate {
  return {
    fetch: async (url) => {
      try {
        return await follow(outside, url, AbortSignal.timeout(withinMs))
      } catch (error) {
        const isLate = error instanceof Error && error.name === 'TimeoutError'
        return refused(isLate ? 'It did not answer in time.' : 'It cannot be reached.')
      }
    },
  }
}

async function follow(
  { fetch, allowsPrivate }: Outside,
  from: string,
  signal: AbortSignal,
): Promise<FetchedDocument> {
  let url = from
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const reason = refusalOf(url, allowsPrivate)
    if (reason !== null) return refused(reason)
    const headers = { accept: 'application/json, application/yaml, text/plain, */*' }
    const response = await fetch(url, { headers, redirect: 'manual', signal })
    const location = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel()
      if (!URL.canParse(location, url)) return refused('It leads to no address.')
      url = new URL(location, url).href
    } else if (response.ok) return read(response)
    else {
      await response.body?.cancel()
      return refused(`It answers ${response.status}.`)
    }
  }
  return refused('It leads on and on.')
}

async function read({ body }: Response): Promise<FetchedDocument> {
  if (body === null) return refused('It is empty.')
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  const decoder = new TextDecoder()
  let content = ''
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return { ok: true, content: content + decoder.decode() }
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel()
      return refused('It is too large for a template.')
    }
    content += decoder.decode(value, { stream: true })
  }
}

function refused(said: string): FetchedDocument {
  return { ok: false, said }
}
