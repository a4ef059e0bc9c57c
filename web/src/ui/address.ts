import type { Server } from '../../../contract/api/servers.ts'
import { socketText } from '../../../contract/rules/ports.ts'

/** What players connect to; IPv6 addresses stand in brackets before their port. Null without a port. */
export function addressOf({ connection }: Pick<Server, 'connection'>): string | null {
  const { host, port } = connection
  if (port === null) return null
  return socketText(host, port)
}
