import * as z from 'zod'
import { readKeyRing } from './secret-box.ts'
import type { HubNamespace } from './services/events/bell.ts'
import type { NodeNamespace } from './services/node-gateway.ts'
import type { ThrottleNamespace } from './services/throttle/throttle.ts'

interface Fetcher {
  fetch(request: Request): Promise<Response>
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null

const Env = z.object({
  LIBSQL_URL: z.string().min(1),
  /** A local server without one is possible; it is the network's matter then. */
  LIBSQL_TOKEN: z.string().min(1).optional(),
  /** Its bearer has every right; scripts set the panel up with it. */
  OPERATOR_TOKEN: z.string().min(32).optional(),
  /** Keys that secrets in the database are sealed with: `{"name": "32 bytes as base64url"}`, the newest first. */
  SECRET_KEYS: z.string().transform((text, context) => {
    try {
      return readKeyRing(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: String(error) })
      return z.NEVER
    }
  }),
  /** Whether owners may delete a suspended server. */
  SUSPENSION_DELETE_POLICY: z.enum(['block', 'allow']).default('block'),
  AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
  /** Sub-users of one server, those who are invited included. */
  SUB_USERS_PER_SERVER: z.coerce.number().int().min(1).max(10_000).default(50),
  API_KEYS_PER_ACCOUNT: z.coerce.number().int().min(1).max(10_000).default(50),
  /** Requests a minute that an API key may make. */
  API_RATE_LIMIT: z.coerce.number().int().min(1).max(100_000).default(240),
  /** Whether the panel itself may call servers on its own machine or network [S11]. */
  PRIVATE_ADDRESSES: z.enum(['block', 'allow']).default('block'),
  NODES: z.custom<NodeNamespace>(isObject, 'the binding NODES is missing'),
  EVENTS: z.custom<HubNamespace>(isObject, 'the binding EVENTS is missing'),
  THROTTLE: z.custom<ThrottleNamespace>(isObject, 'the binding THROTTLE is missing'),
  ASSETS: z.custom<Fetcher>(isObject, 'the binding ASSETS is missing'),
})
export type Env = z.infer<typeof Env>

/**
 * Reads the Worker's bindings.
 * @throws ZodError that names what is missing: the deployment is wrong, and every request says so
 */
export function readEnv(bindings: unknown): Env {
  return Env.parse(bindings)
}
