import type {
  startup as endpoints,
  Startup,
  StartupVariable,
} from '../../../contract/api/startup.ts'
import type { TemplateVariable } from '../../../contract/api/template-fields.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError, type InputIssue } from '../../../contract/errors.ts'
import type { Environment } from '../../../contract/protocol/spec.ts'
import { inTransaction } from '../../db/client.ts'
import type { ServerRow } from '../../db/schema/servers.ts'
import { allow } from '../access.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { tellServer } from '../operations/deliver.ts'
import { requireUsableSpec } from './check-spec.ts'
import { changeIssues, isEditable, valueIn } from './check-variables.ts'
import { raiseGeneration } from './desired.ts'
import { readParts } from './parts.ts'
import { hiddenNames, seenPreview, seenVariables, seesAll } from './startup-sight.ts'
import { lineOf, type SpecParts } from './to-spec.ts'

export async function getStartup(
  ctx: Ctx,
  { serverId }: Input<typeof endpoints.get>,
): Promise<Startup> {
  const server = await allow(ctx, 'server.read', serverId)
  return present(ctx, server, await readParts(ctx.db, server))
}

/** What is not given stays. The server has the change from its next start. */
export async function updateStartup(
  ctx: Ctx,
  { serverId, ...given }: Input<typeof endpoints.update>,
): Promise<Startup> {
  const before = await allow(ctx, 'server.update', serverId)
  const after = await inTransaction(ctx.db, async (tx) => {
    const { template } = await readParts(tx, before)
    const change = {
      environment: merged(before.environment, given.environment ?? {}),
      image: given.image === undefined ? before.image : given.image,
      startupName: given.startupName === undefined ? before.startupName : given.startupName,
      startupCommand:
        given.startupCommand === undefined ? before.startupCommand : given.startupCommand,
    }
    requireAllowed(template, before, change, seesAll(ctx.caller))
    const updatedAt = ctx.clock.now()
    const row = await raiseGeneration(tx, before, { ...change, updatedAt })
    requireUsableSpec(await readParts(tx, row))
    const { image, startupName, startupCommand } = before
    await audit(tx, ctx, {
      action: 'server.update_startup',
      target: { type: 'server', id: serverId },
      before: { image, startupName, startupCommand },
      after: { ...change, environment: Object.keys(given.environment ?? {}).sort() },
    })
    return row
  })
  await tellServer(ctx, before)
  return present(ctx, after, await readParts(ctx.db, after))
}

type Change = Pick<ServerRow, 'environment' | 'image' | 'startupName' | 'startupCommand'>

/**
 * Owners choose among what the template offers; whoever may create servers sets what they like.
 * @throws `invalid_input`
 */
function requireAllowed(
  template: SpecParts['template'],
  before: Change,
  after: Change,
  all: boolean,
): void {
  const issues = changeIssues(template.variables, before.environment, after.environment, all)
  const refuse = (field: keyof Change, message: string) => {
    if (after[field] !== before[field]) issues.push({ path: [field], message })
  }
  const { image, startupName, startupCommand } = after
  const isOffered = template.images.some((one) => one.image === image)
  if (image !== null && !isOffered && !all)
    refuse('image', 'The template does not offer this image.')
  if (startupName !== null && !template.startups.some(({ name }) => name === startupName)) {
    refuse('startupName', 'The template has no startup line of this name.')
  }
  if (startupCommand !== null && !all) {
    refuse('startupCommand', 'Only whoever may create servers sets a line of their own.')
  }
  requireNone(issues)
}

function requireNone(issues: InputIssue[]): void {
  if (issues.length > 0) throw new AppError('invalid_input', issues)
}

function merged(before: Environment, given: Readonly<Record<string, string | null>>): Environment {
  const after = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(given)) {
    if (value === null) after.delete(name)
    else after.set(name, value)
  }
  return Object.fromEntries(after)
}

function present({ caller }: Ctx, server: ServerRow, parts: SpecParts): Startup {
  const { template } = parts
  const all = seesAll(caller)
  const hidden = hiddenNames(template.variables, all)
  const toVariable = (variable: TemplateVariable): StartupVariable => {
    const value = valueIn(variable, server.environment)
    return {
      ...variable,
      value: hidden.has(variable.name) ? null : value,
      isSet: Object.hasOwn(server.environment, variable.name),
      editable: all || isEditable(variable),
    }
  }
  return {
    variables: seenVariables(template.variables, all).map(toVariable),
    preview: seenPreview(parts, all),
    line: lineOf(parts),
    startups: usualFirst(
      template.startups,
      { name: 'Usual', command: template.startup },
      'command',
    ),
    startupName: server.startupName,
    startupCommand: server.startupCommand,
    image: server.image ?? template.image,
    images: usualFirst(template.images, { name: template.image, image: template.image }, 'image'),
    unlimited: all,
  }
}

/** The list with the usual one at its head, where it is not there under a name of its own. */
function usualFirst<T extends { readonly name: string }>(
  list: readonly T[],
  usual: T,
  by: keyof T,
): T[] {
  const known = list.find((one) => one[by] === usual[by])
  return [known ?? usual, ...list.filter((one) => one !== known)]
}
