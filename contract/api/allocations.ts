import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { AllocationId, ServerId } from '../ids.ts'
import { EnvironmentName } from '../protocol/spec.ts'

export const HostPort = z.int().min(1024).max(65_535)
const ContainerPort = z.int().min(1).max(65_535)
export const IpAddress = z.union([z.ipv4(), z.ipv6()])
export const AllocationProtocol = z.enum(['tcp', 'udp', 'both']).meta({ id: 'AllocationProtocol' })

/** More bindings of one server than this take its engine longer than a start may. */
export const mostAllocations = 100

/** What the panel alone knows of a server stands above all else in its environment. */
const reserved = /^(SERVER_(IP|PORT|MEMORY)|STARTUP|P_SERVER_.*)$/

export const allocationTexts = {
  notes: z.string().trim().max(256).nullable(),
  alias: z.string().trim().min(1).max(100).nullable().describe('What people call it.'),
}

const details = {
  ...allocationTexts,
  variable: EnvironmentName.refine((name) => !reserved.test(name), 'The panel sets this itself.')
    .nullable()
    .describe('The variable that holds its container port: `QUERY_PORT`.'),
}

/** Where players connect. */
export const Connection = z.object({ host: z.string(), port: z.int() })

/** A port of a node that leads to a port of a server's container. */
export const ServerAllocation = z
  .object({
    id: AllocationId,
    ip: z.string(),
    hostPort: z.int(),
    containerPort: z.int(),
    protocol: AllocationProtocol,
    isPrimary: z.boolean(),
    notes: z.string().nullable(),
    alias: z.string().nullable(),
    variable: z.string().nullable(),
    connection: Connection,
    /** Whether the engine has made it, as its node saw it last; null: the server does not run. */
    bound: z.boolean().nullable(),
  })
  .meta({ id: 'ServerAllocation' })
export type ServerAllocation = z.infer<typeof ServerAllocation>

/** The same as whoever looks after nodes sees it, with whose it is. */
export const Allocation = z
  .object({
    id: AllocationId,
    serverId: ServerId,
    serverName: z.string(),
    ip: z.string(),
    port: z.int(),
    containerPort: z.int(),
    protocol: AllocationProtocol,
    isPrimary: z.boolean(),
    notes: z.string().nullable(),
    alias: z.string().nullable(),
    /** What players connect to in place of address and port; null: those. */
    publicHost: z.string().nullable(),
    publicPort: z.int().nullable(),
  })
  .meta({ id: 'Allocation' })
export type Allocation = z.infer<typeof Allocation>

/** What owners may choose from: ports of an address, or of each one of a range. */
export const PortOffer = z
  .object({
    cidr: z.string(),
    portFrom: z.int(),
    portTo: z.int(),
    alias: z.string().nullable(),
  })
  .meta({ id: 'PortOffer' })
export type PortOffer = z.infer<typeof PortOffer>

/** A port that a server is to have. */
export const AllocationWish = z
  .object({
    ip: IpAddress.optional().describe(
      'Without it: every IPv4 address of the node. `::` is every address of both families.',
    ),
    hostPort: HostPort.optional().describe('Without it: a free one.'),
    containerPort: ContainerPort.optional().describe('Without it: the same as the host port.'),
    protocol: AllocationProtocol.default('both'),
    notes: details.notes.default(null),
    alias: details.alias.default(null),
    variable: details.variable.default(null),
  })
  .meta({ id: 'AllocationWish' })
export type AllocationWish = z.infer<typeof AllocationWish>

/** How a server's ports are given when it is made or changed: in one of two ways. */
export const portFields = {
  allocations: z
    .array(AllocationWish.extend({ isPrimary: z.boolean().default(false) }))
    .min(1)
    .max(mostAllocations)
    .refine(
      (wishes) => wishes.filter(({ isPrimary }) => isPrimary).length <= 1,
      'Only one can be primary.',
    )
    .refine((wishes) => {
      const names = wishes.flatMap(({ variable }) => variable ?? [])
      return new Set(names).size === names.length
    }, 'A variable holds one port.')
    .optional()
    .describe('All that it is to have; the first is primary unless another says so.'),
  portBindings: z
    .record(z.string().regex(/^[1-9]\d{0,4}$/), HostPort)
    .refine((ports) => Object.keys(ports).every((port) => Number(port) <= 65_535), 'Up to 65535.')
    .optional()
    .describe('The same in short: container port to host port, for TCP and UDP.'),
  primaryPort: HostPort.optional(),
}

const params = z.object({ serverId: ServerId })
const oneOfThem = params.extend({
  allocation: z
    .union([AllocationId, z.string().regex(/^[1-9]\d{0,4}$/)])
    .describe('Its id, or its container port where only one has that.'),
})

export const allocations = {
  list: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/allocations',
    summary: 'Ports of a server, the primary one first',
    tag: 'Network',
    needs: 'allocation.read',
    params,
    returns: z.array(ServerAllocation),
  }),
  offers: endpoint({
    method: 'GET',
    path: '/api/servers/:serverId/allocations/offers',
    summary: 'Addresses and ports that its owner may choose from',
    tag: 'Network',
    needs: 'allocation.create',
    params,
    returns: z.array(PortOffer),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/allocations',
    summary:
      "Give a server another port; it is bound at its next start. Its owner stays within the server's limit and the ports that its node offers",
    tag: 'Network',
    needs: 'allocation.create',
    params,
    body: AllocationWish,
    returns: ServerAllocation,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/servers/:serverId/allocations/:allocation',
    summary: 'Change notes, alias or variable of a port',
    tag: 'Network',
    needs: 'allocation.update',
    params: oneOfThem,
    body: z.object(details).partial(),
    returns: ServerAllocation,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/servers/:serverId/allocations/:allocation',
    summary: 'Take an additional port away; it is let go of at the next start',
    tag: 'Network',
    needs: 'allocation.delete',
    params: oneOfThem,
    returns: Nothing,
  }),
  makePrimary: endpoint({
    method: 'POST',
    path: '/api/servers/:serverId/allocations/primary',
    summary: 'Make a port the primary one: players see it, and the game has it from its next start',
    tag: 'Network',
    needs: 'allocation.update',
    params,
    body: z
      .object({ allocationId: AllocationId, containerPort: ContainerPort })
      .partial()
      .refine((given) => Object.keys(given).length === 1, {
        path: ['allocationId'],
        error: 'Name it by id or by container port: one of them.',
      }),
    returns: z.array(ServerAllocation),
  }),
}
