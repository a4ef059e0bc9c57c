import { randomBytes } from 'node:crypto'
import type { Deps } from '../../worker/services/context.ts'
import { createNodeGateway } from '../../worker/services/node-gateway.ts'
import type { PrivateDatabase } from '../support/world-database.ts'
import type { Objects } from '../support/world-objects.ts'

/** What the Worker works with, in this process; nobody listens to events. */
export function workerOn(database: PrivateDatabase, objects: Objects): Deps {
  const log = { info: () => undefined, error: () => undefined }
  return {
    db: database.open(),
    nodes: createNodeGateway(objects.namespace, log),
    bell: { ring: async () => undefined, listen: async () => () => undefined },
    clock: { now: () => Date.now() },
    rng: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    log,
    policy: { deleteWhileSuspended: 'block', auditKeptDays: 365 },
  }
}
