import type { Deps } from './services/context.ts'

/** What the API stands on: everything that differs between the platform and a test. */
export interface Host {
  readonly deps: Deps
  /** Null: no script may act as operator. */
  readonly operatorToken: string | null
  /** The built panel. */
  readonly assets: { fetch(request: Request): Promise<Response> }
}
