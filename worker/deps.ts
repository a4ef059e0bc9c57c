import { openDatabase } from './db/client.ts'
import { createDocumentGate } from './documents/gate.ts'
import type { Env } from './env.ts'
import { createCarrier } from './mail/carrier.ts'
import { openSocket } from './mail/socket.ts'
import { createOidcGate } from './oidc/gate.ts'
import { createSecretBox } from './secret-box.ts'
import type { Deps } from './services/context.ts'
import { createBell } from './services/events/bell.ts'
import { consoleLog } from './services/log.ts'
import { createPostbox } from './services/mail/postbox.ts'
import { createNodeGateway } from './services/node-gateway.ts'
import { createThrottle } from './services/throttle/throttle.ts'

/** What one request works with. Made anew for each: see `openDatabase`. */
export function depsOf(env: Env): Deps {
  const rng = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }
  return {
    db: openDatabase(env.LIBSQL_URL, env.LIBSQL_TOKEN ?? null),
    nodes: createNodeGateway(env.NODES, consoleLog),
    bell: createBell(env.EVENTS, consoleLog),
    throttle: createThrottle(env.THROTTLE, consoleLog),
    mail: createPostbox(
      createCarrier({
        open: openSocket,
        fetch: (input, init) => fetch(input, init),
        allowsPrivate: env.PRIVATE_ADDRESSES === 'allow',
      }),
    ),
    oidc: createOidcGate({
      fetch: (input, init) => fetch(input, init),
      allowsPrivate: env.PRIVATE_ADDRESSES === 'allow',
    }),
    documents: createDocumentGate({
      fetch: (input, init) => fetch(input, init),
      allowsPrivate: env.PRIVATE_ADDRESSES === 'allow',
    }),
    clock: { now: () => Date.now() },
    rng,
    secrets: createSecretBox(env.SECRET_KEYS, rng),
    log: consoleLog,
    policy: {
      deleteWhileSuspended: env.SUSPENSION_DELETE_POLICY,
      auditKeptDays: env.AUDIT_RETENTION_DAYS,
      subUsersPerServer: env.SUB_USERS_PER_SERVER,
      apiRequestsPerMinute: env.API_RATE_LIMIT,
      apiKeysPerAccount: env.API_KEYS_PER_ACCOUNT,
    },
  }
}
