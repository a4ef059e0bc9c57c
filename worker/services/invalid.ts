import { AppError } from '../../contract/errors.ts'

/** The same answer that a schema gives, for what only the database can tell of a field. */
export function invalidField(field: string, message: string): AppError {
  return new AppError('invalid_input', [{ path: [field], message }])
}
