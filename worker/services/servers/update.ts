import type { servers as endpoints, ServerDetail } from '../../../contract/api/servers.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { inTransaction } from '../../db/client.ts'
import { allow } from '../access.ts'
import { audited as auditedPort } from '../allocations/change.ts'
import { allowReplace, replacePorts } from '../allocations/replace.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { withGiven } from '../given.ts'
import { tellServer } from '../operations/deliver.ts'
import { requireUsableSpec } from './check-spec.ts'
import { checkVariables } from './check-variables.ts'
import { raiseGeneration } from './desired.ts'
import { readDetail } from './detail.ts'
import { readParts } from './parts.ts'

/** Variables and ports are replaced as a whole by those given; the server has them from its next start. */
export async function updateServer(
  ctx: Ctx,
  { serverId, ...given }: Input<typeof endpoints.update>,
): Promise<ServerDetail> {
  const before = await allow(ctx, 'server.update', serverId)
  const givesPorts = await allowReplace(ctx, before, given)
  const { name, description, environment } = withGiven(before, given)

  await inTransaction(ctx.db, async (tx) => {
    const updatedAt = ctx.clock.now()
    const change = { name, description, environment, updatedAt }
    const ports = givesPorts ? await replacePorts(tx, ctx, before, given) : undefined
    const after = await raiseGeneration(tx, before, change)
    const parts = await readParts(tx, after)
    if (given.environment !== undefined) checkVariables(parts.template.variables, environment)
    requireUsableSpec(parts)
    await audit(tx, ctx, {
      action: 'server.update',
      target: { type: 'server', id: serverId },
      before: { name: before.name, description: before.description },
      after: {
        name,
        description,
        environment: changedNames(before.environment, environment),
        ports: ports?.map(auditedPort),
      },
    })
  })

  await tellServer(ctx, before)
  return readDetail(ctx, serverId)
}

/** Which variables changed; what they hold may be a password. */
function changedNames(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).sort()
}
