import * as z from 'zod'
import { Accepted, endpoint, pageQuery } from '../endpoint.ts'
import { LocationId, NodeId, ServerId, TemplateId, UserId } from '../ids.ts'
import { Permission } from '../permissions.ts'
import { ConsoleLine, ResourceSample } from '../protocol/console.ts'
import {
  Environment,
  ImageName,
  Limits,
  PortBinding,
  ServerExit,
  ServerProblem,
} from '../protocol/spec.ts'
import { ServerState, ServerStatus } from '../rules/server-states.ts'
import { Name } from '../text.ts'
import { mostAllocations, portFields } from './allocations.ts'
import { NodeStatus, NodeTag } from './nodes.ts'
import { TemplateVariable } from './template-fields.ts'

export const Server = z
  .object({
    id: ServerId,
    name: z.string(),
    description: z.string().nullable(),
    ownerId: UserId,
    ownerName: z.string(),
    templateId: TemplateId,
    templateName: z.string(),
    nodeId: NodeId,
    nodeName: z.string(),
    nodeStatus: NodeStatus,
    nodeOfflineSince: z.iso.datetime().nullable(),
    /** What to show; `state` is what the node saw last, at `observedAt`. */
    status: ServerStatus,
    state: ServerState,
    observedAt: z.iso.datetime().nullable(),
    wanted: z.enum(['running', 'stopped']),
    startedAt: z.iso.datetime().nullable(),
    lastExit: ServerExit.nullable(),
    problem: ServerProblem.nullable(),
    allocatedMemoryMb: z.int(),
    allocatedCpuCores: z.number(),
    allocatedDiskMb: z.int(),
    /** How many ports its owner may bring it to. */
    allocationLimit: z.int(),
    primaryPort: z.int().nullable(),
    /** Container port to host port, of what is wanted. */
    portBindings: z.record(z.string(), z.int()),
    connection: z.object({ host: z.string(), port: z.int().nullable() }),
    suspendedAt: z.iso.datetime().nullable(),
    suspendedByUserId: UserId.nullable(),
    suspensionReason: z.string().nullable(),
    /** Lifted by itself then; null: until somebody lifts it. */
    suspendedUntil: z.iso.datetime().nullable(),
    /** Suspended for so long it is deleted by itself then; null: it is not. */
    deletesAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Server' })
export type Server = z.infer<typeof Server>

export const ServerDetail = Server.extend({
  /** What was set, without what is secret or not shown to the caller. */
  environment: Environment,
  /** What may be set, as the template says it, for owners too. */
  variables: z.array(TemplateVariable),
  image: z.string(),
  /** The command line with its variables filled in. */
  startupPreview: z.string(),
  /** Bindings the engine has made, as the node saw them. */
  observedPorts: z.array(PortBinding),
  /** The desired state is newer than what the node has taken in. */
  pending: z.boolean(),
  /** What the caller may do to this server. */
  permissions: z.array(Permission),
  /** Whether who may delete it may do so while it is suspended too: staff, or where the panel lets owners. */
  deletableWhileSuspended: z.boolean(),
}).meta({ id: 'ServerDetail' })
export type ServerDetail = z.infer<typeof ServerDetail>

const params = z.object({ serverId: ServerId })

const limits = {
  allocatedMemoryMb: Limits.shape.memoryMb,
  allocatedCpuCores: Limits.shape.cpuCores,
  allocatedDiskMb: Limits.shape.diskMb,
}

/** How many ports its owner may bring a server to, the primary one with them. */
export const AllocationLimit = z.int().min(0).max(mostAllocations)

export const Suspension = z.object({
  reason: z.string().trim().max(500).nullable().default(null).describe('Shown to the owner.'),
  until: z.iso.datetime().nullable().default(null).describe('Lifted by itself then.'),
})

function powerClick<const Verb extends 'start' | 'stop' | 'restart' | 'kill'>(
  verb: Verb,
  needs: 'server.start' | 'server.restart' | 'server.stop',
  summary: string,
) {
  return endpoint({
    method: 'POST',
    path: `/api/servers/:serverId/${verb}`,
    summary,
    tag: 'Servers',
    needs,
    params,
    returns: Accepted,
    status: 202,
  })
}

export const servers = {
  list: endpoint({
    method: 'GET',
    path: '/api/servers',
    summary: 'Servers that you may see, with their last known state',
    tag: 'Servers',
    needs: 'signed_in',
    query: z.object({
      ...pageQuery,
      search: z.string().trim().max(100).optional(),
      nodeId: NodeId.optional(),
      status: ServerStatus.optional(),
      access: z
        .enum(['own', 'shared'])
        .optional()
        .describe('Only what is yours, or what others share with you.'),
    }),
    returns: z.array(Server),
    paged: true,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId',
    summary: 'A server',
    tag: 'Servers',
    needs: 'server.read',
    params,
    returns: ServerDetail,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/servers',
    summary: 'Create a server; its installation starts at once',
    tag: 'Servers',
    needs: 'server.create',
    body: z.object({
      name: Name,
      description: z.string().max(1000).nullable().optional(),
      templateId: TemplateId,
      nodeId: NodeId.optional().describe(
        'Without it: of the nodes with room and the ports free, the one with the most free memory.',
      ),
      locationId: LocationId.optional().describe('Without nodeId: only nodes there.'),
      tags: z.array(NodeTag).max(32).default([]).describe('Only nodes that have all of these.'),
      ownerId: UserId.optional().describe('Without it: you.'),
      ...limits,
      allocationLimit: AllocationLimit.default(1),
      ...portFields,
      primaryPort: portFields.primaryPort.describe(
        "Host port of the primary one. Without it: the template's port or a free one.",
      ),
      environment: Environment.default({}),
      image: ImageName.optional().describe("Without it: the template's."),
      startupName: z.string().max(200).optional().describe('Which of its startup lines.'),
    }),
    returns: ServerDetail.extend({ operationId: z.uuid() }).meta({ id: 'CreatedServer' }),
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/servers/:serverId',
    summary: 'Change name, description, variables or ports',
    tag: 'Servers',
    needs: 'server.update',
    params,
    body: z
      .object({
        name: Name,
        description: z.string().max(1000).nullable(),
        environment: Environment,
        ...portFields,
        primaryPort: portFields.primaryPort.describe(
          'Host port of the primary one: the server gets it in place of the one it has.',
        ),
      })
      .partial(),
    returns: ServerDetail,
  }),
  resize: endpoint({
    method: 'PUT',
    path: '/api/servers/:serverId/limits',
    summary: 'Change limits; they hold from the next start',
    tag: 'Servers',
    needs: 'server.resize',
    params,
    body: z.object({ ...limits, allocationLimit: AllocationLimit }).partial(),
    returns: ServerDetail,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/servers/:serverId',
    summary: 'Stop the server and delete it with its data',
    tag: 'Servers',
    needs: 'server.delete',
    params,
    returns: Accepted,
    status: 202,
  }),
  start: powerClick('start', 'server.start', 'Start'),
  stop: powerClick(
    'stop',
    'server.stop',
    'Stop as its template says, kill when that takes too long',
  ),
  restart: powerClick('restart', 'server.restart', 'Stop, then start'),
  kill: powerClick('kill', 'server.stop', 'End the process at once'),
  suspend: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/suspend',
    summary: 'Stop the server and keep it from being used',
    tag: 'Servers',
    needs: 'server.suspend',
    params,
    body: Suspension,
    returns: ServerDetail,
  }),
  unsuspend: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/unsuspend',
    summary: 'Lift the suspension; the server stays stopped until it is started',
    tag: 'Servers',
    needs: 'server.suspend',
    params,
    returns: ServerDetail,
  }),
  install: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/install',
    summary: 'Run the installation again',
    tag: 'Servers',
    needs: 'server.install',
    params,
    body: z.object({ wipe: z.boolean().default(false).describe('Delete all files first.') }),
    returns: Accepted,
    status: 202,
  }),
  command: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/command',
    summary: 'Send a line to the console; waits at most 10 minutes for its node',
    tag: 'Console',
    needs: 'console.write',
    params,
    body: z.object({
      command: z
        .string()
        .min(1)
        .max(2048)
        .regex(/^[^\r\n\0]*$/, 'One line.'),
    }),
    returns: Accepted,
    status: 202,
  }),
  logs: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/logs',
    summary: 'The last console lines, also while the node is away',
    tag: 'Console',
    needs: 'console.read',
    params,
    query: z.object({
      lines: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce
        .number()
        .int()
        .min(1)
        .optional()
        .describe("Older lines, from the node's log."),
    }),
    returns: z.object({
      logs: z.array(ConsoleLine.extend({ data: z.string(), timestamp: z.string() })),
      count: z.int(),
      requestedLines: z.int(),
    }),
  }),
  stats: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/stats',
    summary: 'The newest resource sample',
    tag: 'Servers',
    needs: 'server.read',
    params,
    returns: z.object({ sample: ResourceSample.nullable() }),
  }),
}
