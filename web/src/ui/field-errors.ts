import * as z from 'zod'
import { ApiError } from '../api/client.ts'

const Issues = z.array(
  z.object({
    path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]),
    message: z.string(),
  }),
)

/** The fields that the API refused, by their names in the form; empty when the failure names none. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError) || error.code !== 'invalid_input') return {}
  const issues = Issues.safeParse(error.details)
  if (!issues.success) return {}
  return Object.fromEntries(
    issues.data.map(({ path, message }) => [
      typeof path === 'string' ? path : path.join('.'),
      message,
    ]),
  )
}
