import {
  AuthorizationResponseError,
  JSON_ATTRIBUTE_COMPARISON,
  OperationProcessingError,
  PARSE_ERROR,
  RESPONSE_IS_NOT_CONFORM,
  RESPONSE_IS_NOT_JSON,
  ResponseBodyError,
} from 'oauth4webapi'
import { printable } from '../mail/printable.ts'
import type { Outcome } from '../services/oidc/gate.ts'
import { NotAsked } from './ask.ts'

type Failure = Extract<Outcome<never>, { ok: false }>

/** What went wrong with a provider. @param secrets what must not be told, wherever it comes back from */
export function failureOf(error: unknown, ...secrets: readonly string[]): Failure {
  const fail = (fault: Failure['fault'], said: string): Failure => ({
    ok: false,
    fault,
    said: printable(said, ...secrets),
  })
  if (error instanceof AuthorizationResponseError) {
    return fail(error.error === 'access_denied' ? 'cancelled' : 'refused', error.error)
  }
  if (error instanceof ResponseBodyError) {
    const said = [error.error, error.error_description].filter(Boolean).join(': ')
    return fail(error.error === 'invalid_grant' ? 'stale' : 'broken', said)
  }
  return fail('broken', sentenceOf(error))
}

function sentenceOf(error: unknown): string {
  if (error instanceof NotAsked) return error.message
  if (error instanceof OperationProcessingError) return protocolSentence(error)
  if (!(error instanceof Error)) return 'It does not answer.'
  if (error.name === 'TimeoutError') return 'It does not answer in time.'
  // What the network says is deeper down than "fetch failed".
  const { cause } = error
  return cause instanceof Error ? `It does not answer: ${cause.message}` : error.message
}

function protocolSentence({ code, message, cause }: OperationProcessingError): string {
  switch (code) {
    case RESPONSE_IS_NOT_CONFORM:
      return cause instanceof Response
        ? `It answers ${cause.status}, not what was asked for.`
        : message
    case JSON_ATTRIBUTE_COMPARISON:
      return `It calls itself ${issuerIn(cause)}: the issuer has to be exactly that.`
    case RESPONSE_IS_NOT_JSON:
    case PARSE_ERROR:
      return 'It answers something other than JSON.'
    default:
      return message
  }
}

function issuerIn(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('body' in cause)) return 'something else'
  const { body } = cause
  if (typeof body !== 'object' || body === null || !('issuer' in body)) return 'something else'
  return String(body.issuer)
}
