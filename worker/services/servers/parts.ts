import { eq } from 'drizzle-orm'
import { AppError } from '../../../contract/errors.ts'
import type { Queries } from '../../db/client.ts'
import { allocations, type ServerRow, templates } from '../../db/schema/servers.ts'
import { specParts } from './desired.ts'
import type { SpecParts } from './to-spec.ts'

/** Loads what a server's spec is made of. */
export async function readParts(tx: Queries, server: ServerRow): Promise<SpecParts> {
  // Asked together, both travel in one request.
  const [[template], taken] = await Promise.all([
    tx.select().from(templates).where(eq(templates.id, server.templateId)),
    tx.select().from(allocations).where(eq(allocations.serverId, server.id)),
  ])
  if (template === undefined) throw new AppError('not_found')
  return specParts(server, template, taken)
}
