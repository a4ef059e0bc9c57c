import type { ServerAllocation } from '../../../contract/api/allocations.ts'
import { portText, toPortBindings } from '../../../contract/rules/ports.ts'
import type { AllocationRow, ServerRow } from '../../db/schema/servers.ts'
import { connectionOf } from './connection.ts'

/** What the engine has made is known of a server that runs. */
export function toAllocation(
  row: AllocationRow,
  { state, observedPorts }: Pick<ServerRow, 'state' | 'observedPorts'>,
  nodeAddress: string,
): ServerAllocation {
  const made = new Set((observedPorts ?? []).map(portText))
  const isUp = state === 'running' || state === 'stopping'
  const { id, ip, port, containerPort, protocol, isPrimary, notes, alias, variable } = row
  return {
    id,
    ip,
    hostPort: port,
    containerPort,
    protocol,
    isPrimary,
    notes,
    alias,
    variable,
    connection: connectionOf(row, nodeAddress),
    bound: isUp ? toPortBindings(row).every((one) => made.has(portText(one))) : null,
  }
}
