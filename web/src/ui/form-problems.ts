import type * as z from 'zod'

/** What a schema finds wrong with a form, by field; the first finding of each stands. */
export function problemsBy(schema: z.ZodType, values: unknown): Record<string, string> {
  const checked = schema.safeParse(values)
  const problems: Record<string, string> = {}
  for (const { path, message } of checked.error?.issues ?? []) problems[path.join('.')] ??= message
  return problems
}
