import * as z from 'zod'

/** Why a browser has left the panel for a provider. */
const Errand = z.object({
  kind: z.enum(['sign_in', 'link']),
  /** Where to go in the panel afterwards. */
  next: z.string(),
  rememberMe: z.boolean(),
})
export type Errand = z.infer<typeof Errand>

const key = 'catalyst.oidc-errand'

/** Remembers it in this tab alone; it holds no secret. */
export function keepErrand(errand: Errand): void {
  sessionStorage.setItem(key, JSON.stringify(errand))
}

/** Null where this tab has not left the panel so. */
export function readErrand(): Errand | null {
  const kept = sessionStorage.getItem(key)
  if (kept === null) return null
  try {
    return Errand.safeParse(JSON.parse(kept)).data ?? null
  } catch {
    return null // somebody else's text
  }
}
