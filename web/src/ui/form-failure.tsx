import { Failure } from './failure.tsx'
import { fieldErrorsOf } from './field-errors.ts'

/** A form's failure, unless its fields tell it already. */
export function FormFailure({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null
  return Object.keys(fieldErrorsOf(error)).length > 0 ? null : <Failure error={error} />
}
