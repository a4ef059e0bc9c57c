import type { RateLimit, RateVerdict } from '../../contract/throttle.ts'
import type { Host } from '../host.ts'
import type { KeyUse } from '../services/api-keys/note-use.ts'
import type { Ctx } from '../services/context.ts'

/** What a request was counted as. */
export interface CountedRequest {
  readonly policy: string
  readonly limit: RateLimit
  readonly verdict: RateVerdict
}

/** What the handlers of one request share. */
export interface HonoEnv {
  Bindings: Record<string, unknown>
  Variables: {
    requestId: string
    host: Host
    /** Set once the caller was recognised. */
    ctx: Ctx
    /** Set once the request was counted, or was found not to be: null. */
    counted: CountedRequest | null | undefined
    /** That an API key was used, where that is worth a note. */
    keyUse: KeyUse | null | undefined
  }
}
