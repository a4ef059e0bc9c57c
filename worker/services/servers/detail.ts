import { eq } from 'drizzle-orm'
import type { servers as endpoints, ServerDetail } from '../../../contract/api/servers.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId } from '../../../contract/ids.ts'
import { allocations, servers, templates } from '../../db/schema/servers.ts'
import { allow, holds, rightsOn } from '../access.ts'
import type { Ctx } from '../context.ts'
import { specParts } from './desired.ts'
import { toServer } from './present.ts'
import { selectServers } from './select.ts'
import { seenEnvironment, seenPreview, seenVariables, seesAll } from './startup-sight.ts'
import { deletePolicyIn } from './timed-deletion.ts'

export async function getServer(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.get>,
): Promise<ServerDetail> {
  await allow(ctx, 'server.read', serverId)
  return readDetail(ctx, serverId)
}

/** @throws `not_found` */
export async function readDetail(ctx: Ctx, id: ServerId): Promise<ServerDetail> {
  const [[row], [made], taken] = await ctx.db.batch([
    selectServers(ctx.db).where(eq(servers.id, id)),
    ctx.db
      .select({ template: templates })
      .from(templates)
      .innerJoin(servers, eq(servers.templateId, templates.id))
      .where(eq(servers.id, id)),
    ctx.db.select().from(allocations).where(eq(allocations.serverId, id)),
  ])
  if (row === undefined || made === undefined) throw new AppError('not_found')
  const { server } = row
  const { template } = made
  const all = seesAll(ctx.caller)
  const policy = deletePolicyIn(row.deletionRule) ?? ctx.policy.deleteWhileSuspended
  return {
    ...toServer(row, ctx.clock.now()),
    environment: seenEnvironment(template.variables, server.environment, all),
    variables: seenVariables(template.variables, all),
    image: server.image ?? template.image,
    startupPreview: seenPreview(specParts(server, template, taken), all),
    observedPorts: [...(server.observedPorts ?? [])],
    pending: server.generation > server.observedGeneration,
    permissions: [...rightsOn(ctx.caller, server)],
    deletableWhileSuspended: holds(ctx.caller, 'server.suspend') || policy === 'allow',
  }
}
