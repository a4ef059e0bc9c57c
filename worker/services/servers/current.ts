import { eq } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { type ServerAction, serverCan } from '../../../contract/rules/server-states.ts'
import type { Queries } from '../../db/client.ts'
import { type ServerRow, servers } from '../../db/schema/servers.ts'
import { actedOn } from './present.ts'

/** The row as it is in a transaction, where it stays so until the end. */
export async function readCurrent(tx: Queries, id: ServerId): Promise<ServerRow> {
  const [row] = await tx.select().from(servers).where(eq(servers.id, id))
  if (row === undefined) throw new AppError('not_found')
  return row
}

/** @throws `wrong_state` with the reason that the panel shows beside a disabled button */
export function requireCan(action: ServerAction, server: ServerRow): void {
  const verdict = serverCan[action](actedOn(server))
  if (verdict !== true) throw new AppError('wrong_state', { state: server.state }, verdict)
}
