import { allowInsecureRequests, type CustomFetchOptions, customFetch } from 'oauth4webapi'
import { refusalOf } from './address.ts'

/** Of four requests in a row all have to fit into the time that a browser waits. */
const withinMs = 6000
/** The largest answer that is read, in bytes: lists of keys have some kilobytes. */
const maxBytes = 256 * 1024

/** What the panel does not do, or no longer goes on with; its message is for people. */
export class NotAsked extends Error {
  override name = 'NotAsked'
}

export interface Outside {
  readonly fetch: typeof fetch
  /** Whether providers may stand on the panel's own machine or network [S11]. */
  readonly allowsPrivate: boolean
}

/** How each request of the protocol goes out: to a checked address, without redirects, bounded. */
export function requestOptions(outside: Outside) {
  return {
    signal: () => AbortSignal.timeout(withinMs),
    // Whether http is allowed is decided below, address by address.
    [allowInsecureRequests]: true,
    [customFetch]: <Method extends string, Body extends URLSearchParams | undefined>(
      url: string,
      options: CustomFetchOptions<Method, Body>,
    ) => ask(outside, url, options),
  }
}

async function ask(
  { fetch, allowsPrivate }: Outside,
  url: string,
  { method, headers, body, signal }: CustomFetchOptions<string, URLSearchParams | undefined>,
): Promise<Response> {
  const reason = refusalOf(url, allowsPrivate)
  if (reason !== null) throw new NotAsked(`${url}: ${reason}`)
  const response = await fetch(url, {
    method,
    headers,
    body: body ?? null,
    // An address that was checked could lead to one that was not.
    redirect: 'manual',
    ...(signal === undefined ? {} : { signal }),
  })
  const { status } = response
  return new Response(await boundedBody(response), { status, headers: response.headers })
}

/** @throws {NotAsked} */
async function boundedBody({ body, status }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null || status === 204 || status === 304) return null
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  const chunks: Uint8Array[] = []
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return joined(chunks, bytes)
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel()
      throw new NotAsked('The answer is too large.')
    }
    chunks.push(value)
  }
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
