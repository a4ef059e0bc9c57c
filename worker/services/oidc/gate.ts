import type { Claims } from './claims.ts'

/** What the panel is to a provider, with its secret in the clear. */
export interface Party {
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client. */
  readonly clientSecret: string | null
  /** Words with spaces between. */
  readonly scopes: string
}

/** One sign-in at a provider, from the way there to the way back. */
export interface Attempt {
  readonly state: string
  readonly nonce: string
  /** PKCE (RFC 7636). */
  readonly verifier: string
  readonly redirectUri: string
}

/** What the provider has sent the browser back with. */
export interface ProviderAnswer {
  readonly state: string
  readonly code?: string | undefined
  readonly iss?: string | undefined
  readonly error?: string | undefined
}

/** Whom a provider vouches for. */
export interface Vouched {
  /** The provider's own name for them. */
  readonly subject: string
  readonly claims: Claims
}

/**
 * What became of a conversation with a provider. `cancelled`: the person said no there; `refused`: the
 * provider did; `stale`: its answer was used or is too old; `broken`: it does not do as it should.
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly fault: 'cancelled' | 'refused' | 'stale' | 'broken'
      /** Why, in a line, for whoever runs the panel. Never with a secret. */
      readonly said: string
    }

/** Speaks OpenID Connect with providers. Never throws for what the other end does. */
export interface OidcGate {
  /** Where to send the browser. */
  begin(party: Party, attempt: Attempt): Promise<Outcome<{ readonly url: string }>>
  /** Trades what the browser came back with for whom it is. */
  redeem(party: Party, attempt: Attempt, answer: ProviderAnswer): Promise<Outcome<Vouched>>
  /** Looks whether there is a provider that the panel can work with. */
  probe(issuer: string): Promise<Outcome<{ readonly said: string }>>
}
