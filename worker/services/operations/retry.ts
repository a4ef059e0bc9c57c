import {
  type operations as endpoints,
  isOpen,
  type OperationKind,
  type OperationState,
} from '../../../contract/api/operations.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import type { OperationRow } from '../../db/schema/activity.ts'
import type { Ctx } from '../context.ts'
import { sendCommand } from '../servers/command.ts'
import { deleteServer } from '../servers/delete.ts'
import { installServer } from '../servers/install.ts'
import { killServer, restartServer, startServer, stopServer } from '../servers/power.ts'
import { readVisible } from './get.ts'

type Accepted = Output<typeof endpoints.retry>
type Again = (ctx: Ctx, serverId: ServerId, operation: OperationRow) => Promise<Accepted>

/** The verb behind each kind of operation; null: a change of settings is made again by whoever wants it. */
const again: Readonly<Record<OperationKind, Again | null>> = {
  'server.start': (ctx, serverId) => startServer(ctx, { serverId }),
  'server.stop': (ctx, serverId) => stopServer(ctx, { serverId }),
  'server.restart': (ctx, serverId) => restartServer(ctx, { serverId }),
  'server.kill': (ctx, serverId) => killServer(ctx, { serverId }),
  'server.install': (ctx, serverId, { command }) =>
    installServer(ctx, {
      serverId,
      wipe: command?.type === 'server.install' && command.wipe,
    }),
  'server.delete': (ctx, serverId) => deleteServer(ctx, { serverId }),
  'server.update': null,
  'console.input': (ctx, serverId, { subject }) =>
    sendCommand(ctx, { serverId, command: subject ?? '' }),
}

/** Nobody has to ask for these again: they happened, or something newer was wanted. */
const settled: readonly OperationState[] = ['succeeded', 'superseded']

/**
 * Does once more what an operation was to do. The verb itself checks rights, suspension and the server's
 * state as they are now.
 * @throws `not_found`, `not_retryable`, and whatever the verb refuses with
 */
export async function retryOperation(
  ctx: Ctx,
  { operationId }: Input<typeof endpoints.retry>,
): Promise<Accepted> {
  const { operation } = await readVisible(ctx, operationId)
  const { kind, state, serverId } = operation
  const verb = again[kind]
  if (isOpen(state) || settled.includes(state) || verb === null || serverId === null) {
    throw new AppError('not_retryable')
  }
  return verb(ctx, serverId, operation)
}
