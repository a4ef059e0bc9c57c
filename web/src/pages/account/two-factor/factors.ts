import type { twoFactor } from '../../../../../contract/api/two-factor.ts'
import type { CallInput, Output } from '../../../../../contract/endpoint.ts'
import { ApiError } from '../../../api/client.ts'
import { fieldErrorsOf } from '../../../ui/field-errors.ts'

/** The reader's second factors. */
export type Factors = Output<typeof twoFactor.state>
/** What shows once more that the account is the reader's. */
export type Proof = CallInput<typeof twoFactor.removeTotp>

export function hasFactor({ totp, passkeys }: Factors): boolean {
  return totp || passkeys.length > 0
}

/** `true`, or why none of the reader's factors may go. */
export function removable({ required, totp, passkeys }: Factors): true | string {
  const count = passkeys.length + (totp ? 1 : 0)
  if (!required || count > 1) return true
  return 'Your role requires a second factor, and this is your only one. Add another first.'
}

/** Which of the fields that ask who the reader is was refused. */
export function refusedFields(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  if (error.code === 'wrong_password') return { currentPassword: error.message }
  if (error.code === 'wrong_code') return { code: error.message }
  return fieldErrorsOf(error)
}
