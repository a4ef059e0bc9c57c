import * as z from 'zod'
import { ApiError } from '../api/client.ts'

const Issues = z.array(
  z.object({
    path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]),
    message: z.string(),
  }),
)

/** Things that only one may have, by the field that names them. */
const takenFields: Readonly<Record<string, string>> = {
  name_taken: 'name',
  email_taken: 'email',
  port_taken: 'primaryPort',
}

/** The fields that the API refused, by their names in the form; empty when the failure names none. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const taken = takenFields[error.code]
  if (taken !== undefined) return { [taken]: error.message }
  if (error.code !== 'invalid_input') return {}
  const issues = Issues.safeParse(error.details)
  if (!issues.success) return {}
  return Object.fromEntries(
    issues.data.map(({ path, message }) => [
      typeof path === 'string' ? path : path.join('.'),
      message,
    ]),
  )
}
