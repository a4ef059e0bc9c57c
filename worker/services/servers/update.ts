import type { servers as endpoints, ServerDetail } from '../../../contract/api/servers.ts'
import type { TemplateVariable } from '../../../contract/api/template-fields.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Environment } from '../../../contract/protocol/spec.ts'
import { inTransaction } from '../../db/client.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import { audited as auditedPort } from '../allocations/change.ts'
import { allowReplace, replacePorts } from '../allocations/replace.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { withGiven } from '../given.ts'
import { tellServer } from '../operations/deliver.ts'
import { requireUsableSpec } from './check-spec.ts'
import { changeIssues, isEditable } from './check-variables.ts'
import { raiseGeneration } from './desired.ts'
import { readDetail } from './detail.ts'
import { readParts } from './parts.ts'
import { hiddenNames, seesAll } from './startup-sight.ts'

/** Variables and ports are replaced as a whole by those given; the server has them from its next start. */
export async function updateServer(
  ctx: Ctx,
  { serverId, ...given }: Input<typeof endpoints.update>,
): Promise<ServerDetail> {
  const before = await allow(ctx, 'server.update', serverId)
  const givesPorts = await allowReplace(ctx, before, given)

  await inTransaction(ctx.db, async (tx) => {
    const { template } = await readParts(tx, before)
    const { name, description, environment } = withGiven(before, {
      ...given,
      environment: given.environment && settle(ctx, template.variables, before, given.environment),
    })
    const updatedAt = ctx.clock.now()
    const change = { name, description, environment, updatedAt }
    const ports = givesPorts ? await replacePorts(tx, ctx, before, given) : undefined
    const after = await raiseGeneration(tx, before, change)
    requireUsableSpec(await readParts(tx, after))
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

/**
 * The variables as they will be: those given, and of the others what the caller could not have given.
 * @throws `invalid_input` for what is not right, and for what the caller may not change
 */
function settle(
  ctx: Ctx,
  variables: readonly TemplateVariable[],
  { environment: before }: Pick<ServerRow, 'environment'>,
  given: Environment,
): Environment {
  const all = seesAll(ctx.caller)
  const fixed = variables.filter((variable) => !all && !isEditable(variable))
  const kept = new Set([...hiddenNames(variables, all), ...fixed.map(({ name }) => name)])
  const notGiven = Object.entries(before).filter(([name]) => kept.has(name))
  const after = { ...Object.fromEntries(notGiven), ...given }
  const issues = changeIssues(variables, before, after, all)
  if (issues.length > 0) throw new AppError('invalid_input', issues)
  return after
}

/** Which variables changed; what they hold may be a password. */
function changedNames(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).sort()
}
