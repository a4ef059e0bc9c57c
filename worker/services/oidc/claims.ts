import * as z from 'zod'
import { Email, PersonName } from '../../../contract/api/accounts.ts'
import { onOneLine } from '../../../contract/text.ts'
import type { ClaimRule } from '../../db/schema/sign-in.ts'

/** What a provider says of somebody, as JSON has it. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * The ID token's claims with those of the userinfo endpoint that it lacks. An e-mail address and whether it is
 * verified come from the same one of them: one's word about its address says nothing of the other's.
 */
export function mergedClaims(idToken: Claims, userinfo: Claims): Claims {
  const merged = { ...userinfo, ...idToken }
  const { email, email_verified } = 'email' in idToken ? idToken : userinfo
  return { ...merged, email, email_verified }
}

/** The address, in lower case, where the provider vouches for it; else null. */
export function verifiedEmail({ email, email_verified }: Claims): string | null {
  const parsed = Email.safeParse(email)
  return parsed.success && email_verified === true ? parsed.data : null
}

/** What to call somebody whose address is known. */
export function personName(claims: Claims, email: string): string {
  const candidates = [claims.name, claims.preferred_username, claims.nickname]
  for (const candidate of candidates) {
    const text = onOneLine(z.string().safeParse(candidate).data ?? '')
    const parsed = PersonName.safeParse(text.trim().slice(0, 100))
    if (parsed.success) return parsed.data
  }
  return email.slice(0, email.lastIndexOf('@')).slice(0, 100)
}

/** Which of the roles that rules name the claims give. */
export function rolesByClaims(
  rules: readonly ClaimRule[],
  claims: Claims,
): { readonly named: readonly string[]; readonly given: readonly string[] } {
  const matching = rules.filter(({ claim, value }) => valuesOf(claims, claim).includes(value))
  return { named: idsOf(rules), given: idsOf(matching) }
}

/** What a claim holds: of a list each entry, of a text the whole and each of its words. */
export function valuesOf(claims: Claims, path: string): readonly string[] {
  const found = claimAt(claims, path)
  if (Array.isArray(found)) return found.flatMap(textOf)
  if (typeof found !== 'string') return textOf(found)
  return [found, ...found.split(/\s+/).filter((word) => word !== '' && word !== found)]
}

/** A claim's own name may hold dots (`https://example.com/roles`): the longest name that fits counts. */
function claimAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const fields = new Map(Object.entries(value))
  if (fields.has(path)) return fields.get(path)
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot)
    if (fields.has(name)) return claimAt(fields.get(name), path.slice(dot + 1))
  }
  return undefined
}

function textOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

function idsOf(rules: readonly ClaimRule[]): string[] {
  return [...new Set(rules.map(({ roleId }) => roleId))]
}
