import {
  type CallInput,
  type Endpoint,
  idempotencyHeader,
  type Output,
  type Page,
  takesIdempotencyKey,
} from '../../../contract/endpoint.ts'
import { type ErrorCode, errors } from '../../../contract/errors.ts'
import { readReply, requestFor, type WireRequest } from '../../../contract/request.ts'

/** Longer than the panel waits for a node or for its database. */
const answerWithinMs = 30_000
const askAgainAfterMs = 1000
const lateSentence =
  'The panel took too long to answer. Look whether it was done before you try again.'

/** `unreachable`: nobody answered; `late`: nobody did in time; `unreadable`: the answer was not one of the panel's. */
export type FailureCode = ErrorCode | 'unreachable' | 'late' | 'unreadable'

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
  const request = requestFor(endpoint, input)
  const key = takesIdempotencyKey(endpoint) ? newKey() : null
  const reply = readReply(
    await fetchJson(request, key, signal).catch(async (error: unknown) => {
      // The key makes it safe to ask again: whatever the first request did is not done twice.
      if (key === null || !(error instanceof ApiError) || error.code !== 'unreachable') throw error
      await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs))
      return fetchJson(request, key, signal)
    }),
  )
  if (reply === null) throw unreadable()
  if (reply.ok) return reply
  const { code, error, details, requestId } = reply.error
  throw new ApiError(code, error, details, requestId)
}

async function fetchJson(
  { path, method, body }: WireRequest,
  key: string | null,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const late = AbortSignal.timeout(answerWithinMs)
  let response: Response
  try {
    response = await fetch(path, {
      method,
      body,
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { [idempotencyHeader]: key }),
      },
      signal: AbortSignal.any([...(signal === undefined ? [] : [signal]), late]),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    if (late.aborted) throw new ApiError('late', lateSentence)
    throw new ApiError('unreachable', 'The panel does not answer. Check your connection.')
  }
  // A proxy's error page is no JSON; `readReply` tells.
  return response.json().catch(() => null)
}

/** Works over plain http too, where `crypto.randomUUID` does not. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
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

/**
 * Whether something broke, here or on the way: then the same may work later, and the log knows more. Everything
 * else is an answer, such as a wrong password, that its sentence says in full.
 */
export function isTrouble(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true
  return isAnswer(error.code) ? errors[error.code][0] >= 500 : true
}

function isAnswer(code: FailureCode): code is ErrorCode {
  return code in errors
}

/** The id to look trouble up by in the panel's log; null where there is none. */
export function traceOf(error: unknown): string | null {
  return error instanceof ApiError && isTrouble(error) ? error.requestId : null
}

/** Seconds to wait before the same is asked again; null where the failure asks for no wait. */
export function retryAfterOf(error: unknown): number | null {
  if (!(error instanceof ApiError)) return null
  const { details } = error
  if (typeof details !== 'object' || details === null) return null
  if (!('retryAfterSeconds' in details)) return null
  return typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : null
}

/** What to show for a failure of any kind. Of a wait it says nothing, since that passes. */
export function sentenceOf(error: unknown): string {
  if (retryAfterOf(error) !== null) return 'That was too often.'
  return error instanceof ApiError ? error.message : errors.internal[1]
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'unauthenticated'
}
