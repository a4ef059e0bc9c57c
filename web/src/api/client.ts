import type { CallInput, Endpoint, Output, Page } from '../../../contract/endpoint.ts'
import { type ErrorCode, errors } from '../../../contract/errors.ts'
import { readReply, requestFor } from '../../../contract/request.ts'

/** `unreachable`: no answer came; `unreadable`: the answer was not one of the panel's. */
export type FailureCode = ErrorCode | 'unreachable' | 'unreadable'

/** A call that did not do what it was asked: a code for the program, a sentence for people. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: FailureCode
  readonly details: unknown
  /** Names the request in the panel's log. */
  readonly requestId: string | null

  constructor(code: FailureCode, sentence: string, details?: unknown, requestId?: string) {
    super(sentence)
    this.code = code
    this.details = details
    this.requestId = requestId ?? null
  }
}

/**
 * Calls an endpoint of the contract with its flat input and answers what `data` held.
 * @throws ApiError when it failed or could not be reached
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  signal?: AbortSignal,
): Promise<Output<E>> {
  const { data } = await send(endpoint, input, signal)
  return parsed(endpoint, data)
}

/** As `call`, for endpoints that answer one page of a list. */
export async function callPage<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  signal?: AbortSignal,
): Promise<Page<Item<E>>> {
  const { data, pagination } = await send(endpoint, input, signal)
  const items = parsed(endpoint, data)
  if (!Array.isArray(items) || pagination === null) throw unreadable()
  return { items, pagination }
}

/** One entry of what a list endpoint returns. */
export type Item<E> = Output<E> extends readonly (infer One)[] ? One : never

async function send<E extends Endpoint>(endpoint: E, input: CallInput<E>, signal?: AbortSignal) {
  const { method, path, body } = requestFor(endpoint, input)
  const reply = readReply(await fetchJson(path, method, body, signal))
  if (reply === null) throw unreadable()
  if (reply.ok) return reply
  const { code, error, details, requestId } = reply.error
  throw new ApiError(code, error, details, requestId)
}

async function fetchJson(
  path: string,
  method: string,
  body: string | null,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      body,
      headers: body === null ? {} : { 'content-type': 'application/json' },
      signal: signal ?? null,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError('unreachable', 'The panel does not answer. Check your connection.')
  }
  // A proxy's error page is no JSON; `readReply` tells.
  return response.json().catch(() => null)
}

function unreadable(): ApiError {
  return new ApiError('unreadable', 'The answer did not come from the panel. Try again.')
}

/** The cast holds because `Output<E>` is by definition what the endpoint's own schema puts out. */
function parsed<E extends Endpoint>(endpoint: E, data: unknown): Output<E> {
  const result = endpoint.returns.safeParse(data)
  if (!result.success) throw unreadable()
  return result.data as Output<E>
}

/** What to show for a failure of any kind. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? error.message : errors.internal[1]
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'unauthenticated'
}
