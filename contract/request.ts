import type { CallInput, Endpoint, Method, Pagination } from './endpoint.ts'
import { ErrorReply } from './errors.ts'

export interface WireRequest {
  readonly method: Method
  /** Path with its parameters and query filled in. */
  readonly path: string
  /** Null where the endpoint takes no body. */
  readonly body: string | null
}

/**
 * Says where HTTP carries each key of an endpoint's flat input. Fields that are `undefined` are left out.
 * The input is not checked here: the panel's form and the Worker do that by the endpoint's own schemas.
 */
export function requestFor<E extends Endpoint>(endpoint: E, input: CallInput<E>): WireRequest {
  const given: Record<string, unknown> = { ...input }
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_mark, name: string) =>
    encodeURIComponent(String(given[name])),
  )
  const query = Object.keys(endpoint.query.shape)
    .filter((key) => given[key] !== undefined)
    .map((key) => `${key}=${encodeURIComponent(String(given[key]))}`)
    .join('&')
  const body = Object.fromEntries(
    Object.keys(endpoint.body.shape)
      .filter((key) => given[key] !== undefined)
      .map((key) => [key, given[key]]),
  )
  const hasBody = Object.keys(endpoint.body.shape).length > 0
  return {
    method: endpoint.method,
    path: query === '' ? path : `${path}?${query}`,
    body: hasBody ? JSON.stringify(body) : null,
  }
}

export type WireReply =
  | { readonly ok: true; readonly data: unknown; readonly pagination: Pagination | null }
  | { readonly ok: false; readonly error: ErrorReply }

/** Reads a reply's envelope; null when it is not one of ours (a proxy's page, a broken connection). */
export function readReply(reply: unknown): WireReply | null {
  if (typeof reply !== 'object' || reply === null || !('success' in reply)) return null
  if (reply.success === true && 'data' in reply) {
    const pagination = 'pagination' in reply ? (reply.pagination as Pagination) : null // our own wire
    return { ok: true, data: reply.data, pagination }
  }
  const error = ErrorReply.safeParse(reply)
  return error.success ? { ok: false, error: error.data } : null
}
