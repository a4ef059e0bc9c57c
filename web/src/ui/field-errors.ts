import * as z from 'zod'
import { ApiError } from '../api/client.ts'

const Issues = z.array(
  z.object({
    path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]),
    message: z.string(),
  }),
)

/** What names the fields of a form, where forms differ. */
interface FieldNames {
  /** The field that asks for a port of a node; the port is null where the failure does not say which. */
  readonly port: (port: number | null) => string
}

const Port = z.object({ port: z.int() })

/** The field that a refusal is about. */
function refusedField({ code, details }: ApiError, names: FieldNames): string | undefined {
  const port = names.port(Port.safeParse(details).data?.port ?? null)
  const fields: Readonly<Record<string, string>> = {
    name_taken: 'name',
    email_taken: 'email',
    port_taken: port,
    port_not_offered: port,
  }
  return fields[code]
}

/** The fields that the API refused, by their names in the form; empty when the failure names none. */
export function fieldErrorsOf(
  error: unknown,
  names: FieldNames = { port: () => 'primaryPort' },
): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const refused = refusedField(error, names)
  if (refused !== undefined) return { [refused]: error.message }
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
