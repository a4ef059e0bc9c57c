import type { Operation, OperationKind } from '../../../contract/api/operations.ts'

export const kindNames: Readonly<Record<OperationKind, string>> = {
  'server.start': 'Start',
  'server.stop': 'Stop',
  'server.restart': 'Restart',
  'server.kill': 'Kill',
  'server.install': 'Install',
  'server.delete': 'Delete',
  'server.update': 'Change',
  'console.input': 'Console command',
}

/** "Start of survival-1". */
export function operationTitle(operation: Pick<Operation, 'kind' | 'serverName'>): string {
  const kind = kindNames[operation.kind]
  return operation.serverName === null ? kind : `${kind} of ${operation.serverName}`
}
