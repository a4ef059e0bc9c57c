import type { CallInput, Endpoint, Output } from '../contract/endpoint.ts'
import type { ErrorReply } from '../contract/errors.ts'
import { readReply, requestFor } from '../contract/request.ts'

/** The panel refused: what it said, with its code. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: ErrorReply['code']

  constructor(reply: ErrorReply) {
    super(reply.error)
    this.code = reply.code
  }
}

/** Calls the panel as the bearer of a token. */
export type PanelCall = <E extends Endpoint>(endpoint: E, input: CallInput<E>) => Promise<Output<E>>

/** How a request travels: `fetch`, or what takes its place where the panel is out of its reach. */
export type Send = (url: URL, init: RequestInit) => Promise<Response>

/**
 * A client of the panel's public API.
 * @throws {Refused} from the returned function when the panel answers an error
 */
export function panelCaller(url: URL, token: string, send: Send = fetch): PanelCall {
  return async <E extends Endpoint>(endpoint: E, input: CallInput<E>) => {
    const request = requestFor(endpoint, input)
    const response = await send(new URL(request.path, url), {
      method: request.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: request.body,
    })
    const reply = readReply(await response.json())
    if (reply === null) throw new Error(`${request.path} answered ${response.status}`)
    if (!reply.ok) throw new Refused(reply.error)
    return asOutput<E>(reply.data)
  }
}

/** The panel was built from the same contract as this launcher, so its data has the endpoint's type. */
function asOutput<E extends Endpoint>(data: unknown): Output<E> {
  return data as Output<E>
}
