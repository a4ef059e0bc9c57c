import { eq } from 'drizzle-orm'
import { HostPort, mostAllocations } from '../../../contract/api/allocations.ts'
import type { servers as endpoints } from '../../../contract/api/servers.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { ServerId, TemplateId, UserId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { type ServerRow, servers, type TemplateRow, templates } from '../../db/schema/servers.ts'
import { audited as auditedPort } from '../allocations/change.ts'
import { takePorts } from '../allocations/take.ts'
import { type Wish, wishesOf } from '../allocations/wishes.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { beginOperation } from '../operations/begin.ts'
import { deliver } from '../operations/deliver.ts'
import { tell } from '../tell.ts'
import { requireUsableSpec } from './check-spec.ts'
import { variableIssues } from './check-variables.ts'
import { raiseRevision, specParts } from './desired.ts'
import { readDetail } from './detail.ts'
import { placeServer, roomOf } from './place.ts'

type Given = Input<typeof endpoints.create>

/** The server, its port and its installation come into being together, or none of them does. */
export async function createServer(
  ctx: Ctx,
  given: Given,
): Promise<Output<typeof endpoints.create>> {
  const operation = await inTransaction(ctx.db, async (tx) => {
    const template = await requireTemplate(tx, given.templateId)
    requireOffered(template, given)
    const ownerId = await requireOwner(tx, ctx, given.ownerId)
    const wishes = wishesOf(given, usualPort(template))
    const server = await insertServer(tx, ctx, given, ownerId, wishes)
    const taker = { nodeId: server.nodeId, serverId: server.id, atMost: mostAllocations }
    const taken = await takePorts(tx, ctx, taker, wishes)
    requireUsableSpec(specParts(server, template, taken))
    await audit(tx, ctx, {
      action: 'server.create',
      target: { type: 'server', id: server.id },
      after: { ...auditedFields(server), ports: taken.map(auditedPort) },
    })
    const command = { type: 'server.install', serverId: server.id, wipe: false } as const
    return {
      ...(await beginOperation(tx, ctx, server, {
        kind: 'server.install',
        command,
        generation: null,
      })),
      serverId: server.id,
    }
  })

  await tell(ctx, operation.kind, () => deliver(ctx, operation))
  return { ...(await readDetail(ctx, operation.serverId)), operationId: operation.id }
}

function usualPort({ supportedPorts }: TemplateRow): number | null {
  return HostPort.safeParse(supportedPorts[0]).data ?? null
}

async function insertServer(
  tx: Queries,
  ctx: Ctx,
  given: Given,
  ownerId: UserId,
  wishes: readonly Wish[],
) {
  const { nodeId: asked, locationId, tags } = given
  const nodeId = await placeServer(tx, roomOf(given), { nodeId: asked, locationId, tags, wishes })
  const now = ctx.clock.now()
  const [row] = await tx
    .insert(servers)
    .values({
      id: newId<ServerId>(ctx),
      name: given.name,
      description: given.description ?? null,
      ownerId,
      templateId: given.templateId,
      nodeId,
      allocatedMemoryMb: given.allocatedMemoryMb,
      allocatedCpuCores: given.allocatedCpuCores,
      allocatedDiskMb: given.allocatedDiskMb,
      allocationLimit: given.allocationLimit,
      environment: given.environment,
      image: given.image ?? null,
      startupName: given.startupName ?? null,
      nodeRevision: await raiseRevision(tx, nodeId),
      createdAt: now,
      updatedAt: now,
    })
    .returning()
  if (row === undefined) throw new Error('an insert returned no row')
  return row
}

/** @throws `invalid_input` for variables that are not right, and for what the template does not have */
function requireOffered({ variables, startups }: TemplateRow, given: Given): void {
  const { environment, startupName } = given
  const issues = variableIssues(variables, environment)
  if (startupName !== undefined && !startups.some(({ name }) => name === startupName)) {
    issues.push({
      path: ['startupName'],
      message: 'The template has no startup line of this name.',
    })
  }
  if (issues.length > 0) throw new AppError('invalid_input', issues)
}

async function requireTemplate(tx: Queries, id: TemplateId): Promise<TemplateRow> {
  const [template] = await tx.select().from(templates).where(eq(templates.id, id))
  if (template === undefined) throw invalidField('templateId', 'There is no such template.')
  return template
}

async function requireOwner(tx: Queries, ctx: Ctx, asked: UserId | undefined): Promise<UserId> {
  const id = asked ?? (ctx.caller.kind === 'user' ? ctx.caller.id : undefined)
  if (id === undefined) throw invalidField('ownerId', 'A script has to say whose server it is.')
  const found = await tx.select({ id: users.id }).from(users).where(eq(users.id, id))
  if (found.length === 0) throw invalidField('ownerId', 'There is no such account.')
  return id
}

/** Values of variables may be passwords, so only what is not theirs is kept. */
function auditedFields(server: ServerRow) {
  const { name, ownerId, templateId, nodeId } = server
  const { allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb } = server
  const limits = { allocatedMemoryMb, allocatedCpuCores, allocatedDiskMb }
  return { name, ownerId, templateId, nodeId, ...limits }
}
