import type { OperationKind } from '../../../contract/api/operations.ts'
import type { Permission } from '../../../contract/permissions.ts'

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
