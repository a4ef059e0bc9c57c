import { oidc } from '../../../../../contract/api/oidc.ts'
import type { CallInput } from '../../../../../contract/endpoint.ts'

export type ProviderAnswer = CallInput<typeof oidc.finish>

/** What a provider has sent the browser back with; null where that is no answer at all. */
export function answerIn(search: string): ProviderAnswer | null {
  const given = Object.fromEntries(new URLSearchParams(search))
  const parsed = oidc.finish.body.safeParse(given)
  if (!parsed.success) return null
  const { code, error } = parsed.data
  return code === undefined && error === undefined ? null : parsed.data
}
