import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import { ErrorCode } from '../errors.ts'
import { OperationId, ServerId } from '../ids.ts'
import { Suspension } from './servers.ts'

export const BulkAction = z
  .enum(['start', 'stop', 'restart', 'kill', 'suspend', 'unsuspend', 'delete'])
  .meta({ id: 'BulkAction' })
export type BulkAction = z.infer<typeof BulkAction>

/** `skipped`: the server is not in a state that allows the action, or has what was asked for already. */
export const BulkResult = z
  .object({
    serverId: ServerId,
    status: z.enum(['success', 'skipped', 'failed']),
    /** What was begun on its node, where the action is an operation. */
    operationId: OperationId.nullable(),
    code: ErrorCode.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'BulkResult' })
export type BulkResult = z.infer<typeof BulkResult>

const suspension = {
  reason: Suspension.shape.reason.describe('For `suspend`: shown to the owners.'),
  until: Suspension.shape.until.describe('For `suspend`: lifted by itself then.'),
}

export const bulk = {
  servers: endpoint({
    method: 'POST',
    path: '/api/admin/servers/actions',
    summary: 'Do the same to many servers; each is judged for itself',
    tag: 'Servers',
    needs: 'signed_in',
    body: z.object({
      serverIds: z
        .array(ServerId)
        .min(1)
        .max(100)
        .refine((ids) => new Set(ids).size === ids.length, 'Name each server once.'),
      action: BulkAction,
      ...suspension,
    }),
    returns: z.object({
      results: z.array(BulkResult),
      summary: z.object({ success: z.int(), skipped: z.int(), failed: z.int() }),
    }),
  }),
}
