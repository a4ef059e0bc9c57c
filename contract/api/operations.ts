import * as z from 'zod'
import { Accepted, endpoint, pageQuery } from '../endpoint.ts'
import { NodeId, OperationId, ServerId } from '../ids.ts'

/**
 * Where an operation stands. The first three are open, the rest final and never change again.
 * `superseded`: a later click asked for something else before this one was reached.
 */
export const OperationState = z
  .enum([
    'submitting',
    'queued',
    'running',
    'succeeded',
    'failed',
    'cancelled',
    'expired',
    'indeterminate',
    'superseded',
  ])
  .meta({ id: 'OperationState' })
export type OperationState = z.infer<typeof OperationState>

const open: readonly OperationState[] = ['submitting', 'queued', 'running']

export function isOpen(state: OperationState): boolean {
  return open.includes(state)
}

/** What an operation does. A new kind needs its right and its repetition: `services/operations`. */
export const OperationKind = z
  .enum([
    'server.start',
    'server.stop',
    'server.restart',
    'server.kill',
    'server.install',
    'server.delete',
    'server.update',
    'console.input',
  ])
  .meta({ id: 'OperationKind' })
export type OperationKind = z.infer<typeof OperationKind>

export const Operation = z
  .object({
    id: OperationId,
    kind: OperationKind,
    state: OperationState,
    serverId: ServerId.nullable(),
    serverName: z.string().nullable(),
    nodeId: NodeId,
    nodeName: z.string(),
    nodeOnline: z.boolean(),
    actorName: z.string(),
    /** For a console command: the line. */
    subject: z.string().nullable(),
    percent: z.number().nullable(),
    bytes: z.number().nullable(),
    message: z.string().nullable(),
    /** Why it did not succeed. */
    code: z.string().nullable(),
    cancelRequestedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof Operation>

export const OperationDetail = Operation.extend({
  log: z.array(z.string()).describe('The last 200 lines of its log.'),
}).meta({ id: 'OperationDetail' })
export type OperationDetail = z.infer<typeof OperationDetail>

const listQuery = z.object({
  ...pageQuery,
  state: z.enum(['open', 'finished', 'unsuccessful', 'all']).default('all'),
  kind: OperationKind.optional(),
})

export const operations = {
  list: endpoint({
    method: 'GET',
    path: '/api/operations',
    summary: 'Operations that you may see, newest first',
    tag: 'Operations',
    needs: 'signed_in',
    query: listQuery.extend({ nodeId: NodeId.optional() }),
    returns: z.array(Operation),
    paged: true,
  }),
  listOfServer: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/operations',
    summary: 'Operations of a server, newest first',
    tag: 'Operations',
    needs: 'server.read',
    params: z.object({ serverId: ServerId }),
    query: listQuery,
    returns: z.array(Operation),
    paged: true,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/operations/:operationId',
    summary: 'An operation with the end of its log',
    tag: 'Operations',
    needs: 'signed_in',
    params: z.object({ operationId: OperationId }),
    returns: OperationDetail,
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/api/operations/:operationId/cancel',
    summary: 'Ask to cancel; what then happened is told by the operation',
    tag: 'Operations',
    needs: 'signed_in',
    params: z.object({ operationId: OperationId }),
    returns: Accepted,
    status: 202,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/api/operations/:operationId/retry',
    summary: 'Ask for the same again, as a new operation of yours',
    tag: 'Operations',
    needs: 'signed_in',
    params: z.object({ operationId: OperationId }),
    returns: Accepted,
    status: 202,
  }),
}
