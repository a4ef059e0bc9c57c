import { AppError } from '../../contract/errors.ts'

/**
 * Refuses input with a NUL in any text. No field has a use for one, and below here databases, process
 * environments and C libraries each make something else of it.
 * @throws `invalid_input`
 */
export function refuseNul(input: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(input)) {
    if (!holdsNul(value)) continue
    throw new AppError('invalid_input', [{ path: [field], message: 'A NUL is no text.' }])
  }
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => key.includes('\0') || holdsNul(inner))
}
