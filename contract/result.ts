import type { ErrorCode, ErrorDetails } from './errors.ts'

export interface Failure {
  readonly ok: false
  readonly code: ErrorCode
  readonly details?: ErrorDetails
}

/** Expected failures are returned across RPC, since a class and a code do not survive a throw there. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failure

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function failed(code: ErrorCode, details?: ErrorDetails): Failure {
  return details === undefined ? { ok: false, code } : { ok: false, code, details }
}
