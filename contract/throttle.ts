/** One attempt at a secret, which was counted before it was judged. */
export type Attempt =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number }

/** So many requests may be made in the window. */
export interface RateLimit {
  readonly quota: number
  readonly windowSeconds: number
}

export interface RateVerdict {
  readonly allowed: boolean
  /** The quota that was applied. */
  readonly limit: number
  /** How many more may be made at once. */
  readonly remaining: number
  /** While some remain: until all do again; else until one does. */
  readonly resetSeconds: number
}

/**
 * What the Worker may ask of an object that counts. Names begin with their kind and a colon, such as
 * `account:`, and end in a hash: neither e-mails nor addresses are kept.
 */
export interface ThrottleRpc {
  /** Counts one attempt for each name, or for none where one of them has to wait. */
  attempt(names: readonly string[]): Promise<CountedAttempt>
  /** Uncounts an attempt that went no further, as if it had not been made. */
  giveBack(names: readonly string[], at: number): Promise<void>
  /** The attempt was right: accounts begin anew, addresses lose this one attempt. */
  forgive(names: readonly string[]): Promise<void>
  take(name: string, limit: RateLimit): Promise<RateVerdict>
}

/** `at`: when it was counted, in milliseconds since 1970. */
export type CountedAttempt =
  | { readonly allowed: true; readonly at: number }
  | Extract<Attempt, { allowed: false }>
