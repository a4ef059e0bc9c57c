import * as z from 'zod'
import type { HubNamespace } from './services/events/bell.ts'
import type { NodeNamespace } from './services/node-gateway.ts'

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
  /** Whether owners may delete a suspended server. */
  SUSPENSION_DELETE_POLICY: z.enum(['block', 'allow']).default('block'),
  AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
  NODES: z.custom<NodeNamespace>(isObject, 'the binding NODES is missing'),
  EVENTS: z.custom<HubNamespace>(isObject, 'the binding EVENTS is missing'),
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
