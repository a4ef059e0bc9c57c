import type { OperationKind } from '../../../contract/api/operations.ts'
import type { Permission } from '../../../contract/permissions.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { holds, rightsOn } from '../access.ts'
import type { Caller } from '../context.ts'

/** Whoever may do a thing may also call it off. */
export const rightBehind: Readonly<Record<OperationKind, Permission>> = {
  'server.start': 'server.start',
  'server.stop': 'server.stop',
  'server.restart': 'server.restart',
  'server.kill': 'server.stop',
  'server.install': 'server.install',
  'server.delete': 'server.delete',
  'server.update': 'server.update',
  'console.input': 'console.write',
}

const kinds = Object.keys(rightBehind) as OperationKind[] // its keys are exactly the kinds

/** Kinds of operations on a server that the caller may see. */
export function kindsSeenOn(
  caller: Caller,
  server: Pick<ServerRow, 'id' | 'ownerId'>,
): readonly OperationKind[] {
  if (holds(caller, 'admin.read')) return kinds
  const rights = rightsOn(caller, server)
  return kinds.filter((kind) => rights.includes(rightBehind[kind]))
}
