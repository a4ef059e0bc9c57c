import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { AllocationId, LocationId, NodeId } from '../ids.ts'
import { HostFacts, RuntimeFacts } from '../protocol/frames.ts'
import { Name } from '../text.ts'
import { Allocation, allocationTexts } from './allocations.ts'

export const Location = z
  .object({
    id: LocationId,
    name: z.string(),
    description: z.string().nullable(),
    nodeCount: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Location' })
export type Location = z.infer<typeof Location>

const locationParams = z.object({ locationId: LocationId })
const locationBody = { name: Name, description: z.string().max(500).nullable().optional() }

export const locations = {
  list: endpoint({
    method: 'GET',
    path: '/api/locations',
    summary: 'Locations',
    tag: 'Nodes',
    needs: 'location.read',
    returns: z.array(Location),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/locations',
    summary: 'Add a location',
    tag: 'Nodes',
    needs: 'location.create',
    body: z.object(locationBody),
    returns: Location,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/locations/:locationId',
    summary: 'Change a location',
    tag: 'Nodes',
    needs: 'location.update',
    params: locationParams,
    body: z.object(locationBody).partial(),
    returns: Location,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/locations/:locationId',
    summary: 'Delete a location that has no nodes',
    tag: 'Nodes',
    needs: 'location.delete',
    params: locationParams,
    returns: Nothing,
  }),
}

/**
 * What keeps a connected node from its work, or soon will. `agent_outdated`: it speaks another version of the
 * link than this panel.
 */
export const NodeProblem = z
  .enum(['engine_down', 'disk_low', 'agent_outdated'])
  .meta({ id: 'NodeProblem' })
export type NodeProblem = z.infer<typeof NodeProblem>

/** `pending`: no agent has joined yet; `degraded`: connected, with a problem. */
export const NodeStatus = z
  .enum(['pending', 'online', 'degraded', 'offline'])
  .meta({ id: 'NodeStatus' })
export type NodeStatus = z.infer<typeof NodeStatus>

export const Node = z
  .object({
    id: NodeId,
    name: z.string(),
    description: z.string().nullable(),
    locationId: LocationId,
    locationName: z.string(),
    /** What players connect to. */
    publicAddress: z.string(),
    status: NodeStatus,
    /** While it is connected; empty when all is well. */
    problems: z.array(NodeProblem),
    enrolled: z.boolean(),
    lastSeenAt: z.iso.datetime().nullable(),
    offlineSince: z.iso.datetime().nullable(),
    offlineReason: z.string().nullable(),
    alert: z.string().nullable(),
    agentVersion: z.string().nullable(),
    host: HostFacts.nullable(),
    runtime: RuntimeFacts.nullable(),
    /** Null: as much as the host has. */
    maxMemoryMb: z.int().nullable(),
    maxCpuCores: z.number().nullable(),
    maxDiskMb: z.int().nullable(),
    /** How often over servers may be given what there is; 1: once. */
    memoryOvercommit: z.number(),
    cpuOvercommit: z.number(),
    diskOvercommit: z.number(),
    tags: z.array(z.string()),
    /** No new server comes here. */
    maintenance: z.boolean(),
    portFrom: z.int(),
    portTo: z.int(),
    serverCount: z.int(),
    allocatedMemoryMb: z.int(),
    allocatedCpuCores: z.number(),
    allocatedDiskMb: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Node' })
export type Node = z.infer<typeof Node>

/** What a server that is placed may ask its node to have. */
export const NodeTag = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'Small letters, digits, dots, dashes and underscores.')

const Overcommit = z
  .number()
  .min(1)
  .max(100)
  .describe('How often over servers may be given what there is; 1: once.')

const Port = z.int().min(1024).max(65_535)

export const HostName = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:_-]+$/, 'A host name or an address, without a port.')

const nodeFields = {
  name: Name,
  description: z.string().max(500).nullable(),
  locationId: LocationId,
  publicAddress: HostName,
  maxMemoryMb: z.int().min(1).nullable(),
  maxCpuCores: z.number().positive().nullable(),
  maxDiskMb: z.int().min(1).nullable(),
  memoryOvercommit: Overcommit,
  cpuOvercommit: Overcommit,
  diskOvercommit: Overcommit,
  tags: z
    .array(NodeTag)
    .max(32)
    .refine((tags) => new Set(tags).size === tags.length, 'Name each tag once.'),
  maintenance: z.boolean().describe('No new server comes here.'),
  portFrom: Port,
  portTo: Port,
}

const nodeParams = z.object({ nodeId: NodeId })

export const nodes = {
  list: endpoint({
    method: 'GET',
    path: '/api/nodes',
    summary: 'Nodes with their last known state',
    tag: 'Nodes',
    needs: 'node.read',
    returns: z.array(Node),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/nodes/:nodeId',
    summary: 'A node',
    tag: 'Nodes',
    needs: 'node.read',
    params: nodeParams,
    returns: Node,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/nodes',
    summary: 'Add a node; a join token then lets its agent in',
    tag: 'Nodes',
    needs: 'node.create',
    body: z.object({
      name: nodeFields.name,
      description: nodeFields.description.optional(),
      locationId: nodeFields.locationId.optional().describe('Without it: the first location.'),
      publicAddress: nodeFields.publicAddress,
      maxMemoryMb: nodeFields.maxMemoryMb.optional(),
      maxCpuCores: nodeFields.maxCpuCores.optional(),
      maxDiskMb: nodeFields.maxDiskMb.optional(),
      memoryOvercommit: nodeFields.memoryOvercommit.default(1),
      cpuOvercommit: nodeFields.cpuOvercommit.default(1),
      diskOvercommit: nodeFields.diskOvercommit.default(1),
      tags: nodeFields.tags.default([]),
      maintenance: nodeFields.maintenance.default(false),
      portFrom: nodeFields.portFrom.default(20_000),
      portTo: nodeFields.portTo.default(29_999),
    }),
    returns: Node,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/nodes/:nodeId',
    summary: 'Change a node',
    tag: 'Nodes',
    needs: 'node.update',
    params: nodeParams,
    body: z.object(nodeFields).partial(),
    returns: Node,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/nodes/:nodeId',
    summary: 'Delete a node that has no servers; its agent is shut out',
    tag: 'Nodes',
    needs: 'node.delete',
    params: nodeParams,
    returns: Nothing,
  }),
  makeJoinToken: endpoint({
    method: 'POST',
    path: '/api/nodes/:nodeId/join-tokens',
    summary: 'Make a join token: 15 minutes, one use',
    tag: 'Nodes',
    needs: 'node.create',
    params: nodeParams,
    returns: z.object({
      token: z.string(),
      /** The line to paste on the node. */
      command: z.string(),
      expiresAt: z.iso.datetime(),
    }),
    secret: true,
    status: 201,
  }),
  revoke: endpoint({
    method: 'POST',
    path: '/api/nodes/:nodeId/revoke',
    summary: "Throw the agent's key away; its connection ends at once",
    tag: 'Nodes',
    needs: 'node.update',
    params: nodeParams,
    returns: Node,
  }),
  adopt: endpoint({
    method: 'POST',
    path: '/api/nodes/:nodeId/adopt',
    summary: 'Let the machine that was refused as a duplicate take this node over',
    tag: 'Nodes',
    needs: 'node.update',
    params: nodeParams,
    returns: Node,
  }),
  allocations: endpoint({
    method: 'GET',
    path: '/api/nodes/:nodeId/allocations',
    summary: 'Ports in use on a node',
    tag: 'Nodes',
    needs: 'node.read',
    params: nodeParams,
    returns: z.array(Allocation),
  }),
  updateAllocation: endpoint({
    method: 'PUT',
    path: '/api/nodes/:nodeId/allocations/:allocationId',
    summary:
      'Say where players reach a port behind NAT, a tunnel or a proxy, and what it is called',
    tag: 'Nodes',
    needs: 'node.manage_allocation',
    params: nodeParams.extend({ allocationId: AllocationId }),
    body: z
      .object({
        ...allocationTexts,
        publicHost: HostName.nullable().describe('In place of its address.'),
        publicPort: z.int().min(1).max(65_535).nullable().describe('In place of its port.'),
      })
      .partial(),
    returns: Allocation,
  }),
}
