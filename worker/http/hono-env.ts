import type { Host } from '../host.ts'
import type { Ctx } from '../services/context.ts'

/** What the handlers of one request share. */
export interface HonoEnv {
  Bindings: Record<string, unknown>
  Variables: {
    requestId: string
    host: Host
    /** Set once the caller was recognised. */
    ctx: Ctx
  }
}
