import { everyAddress, everyIpv4 } from '../../../contract/rules/ports.ts'
import type { AllocationRow } from '../../db/schema/servers.ts'

type Place = Pick<AllocationRow, 'ip' | 'port' | 'publicHost' | 'publicPort'>

/** Where players connect: what an admin has said, else the address, else the node's where it is any. */
export function connectionOf({ ip, port, publicHost, publicPort }: Place, nodeAddress: string) {
  const isAny = ip === everyIpv4 || ip === everyAddress
  return { host: publicHost ?? (isAny ? nodeAddress : ip), port: publicPort ?? port }
}
