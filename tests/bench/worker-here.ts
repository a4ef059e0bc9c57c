import { randomBytes } from 'node:crypto'
import { createSecretBox } from '../../worker/secret-box.ts'
import type { Deps } from '../../worker/services/context.ts'
import { createPostbox } from '../../worker/services/mail/postbox.ts'
import { createNodeGateway } from '../../worker/services/node-gateway.ts'
import { createThrottle } from '../../worker/services/throttle/throttle.ts'
import type { PrivateDatabase } from '../support/world-database.ts'
import { createDocuments } from '../support/world-documents.ts'
import { createMailServers } from '../support/world-mail.ts'
import type { Objects } from '../support/world-objects.ts'
import { createProviders } from '../support/world-oidc.ts'
import { createThrottleObjects } from '../support/world-throttle.ts'

/** What the Worker works with, in this process; nobody listens to events. */
export function workerOn(database: PrivateDatabase, objects: Objects): Deps {
  const log = { info: () => undefined, error: () => undefined }
  const clock = { now: () => Date.now() }
  const rng = { bytes: (count: number) => new Uint8Array(randomBytes(count)) }
  return {
    db: database.open(),
    nodes: createNodeGateway(objects.namespace, log),
    throttle: createThrottle(createThrottleObjects(clock).namespace, log),
    bell: { ring: async () => undefined, listen: async () => () => undefined },
    mail: createPostbox(createMailServers().carrier),
    oidc: createProviders().gate,
    documents: createDocuments().gate,
    clock,
    rng,
    secrets: createSecretBox([['bench', new Uint8Array(32)]], rng),
    log,
    policy: {
      deleteWhileSuspended: 'block',
      auditKeptDays: 365,
      subUsersPerServer: 50,
      apiRequestsPerMinute: 240,
      apiKeysPerAccount: 50,
    },
  }
}
