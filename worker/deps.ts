import { openDatabase } from './db/client.ts'
import type { Env } from './env.ts'
import type { Deps } from './services/context.ts'
import { createBell } from './services/events/bell.ts'
import { consoleLog } from './services/log.ts'
import { createNodeGateway } from './services/node-gateway.ts'

/** What one request works with. Made anew for each: see `openDatabase`. */
export function depsOf(env: Env): Deps {
  return {
    db: openDatabase(env.LIBSQL_URL, env.LIBSQL_TOKEN ?? null),
    nodes: createNodeGateway(env.NODES, consoleLog),
    bell: createBell(env.EVENTS, consoleLog),
    clock: { now: () => Date.now() },
    rng: { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
    log: consoleLog,
    policy: {
      deleteWhileSuspended: env.SUSPENSION_DELETE_POLICY,
      auditKeptDays: env.AUDIT_RETENTION_DAYS,
    },
  }
}
