/** A refusal that belongs to one request and is answered with its code, as libSQL's servers do. */
export class SqlError extends Error {
  override readonly name = 'SqlError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Reads message and code from whatever the engine threw. */
export function toSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error
  if (!(error instanceof Error)) return new SqlError('INTERNAL', String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL'
  return new SqlError(code, error.message)
}
