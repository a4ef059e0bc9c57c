import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { NodeId, PoolId } from '../ids.ts'
import { allocationTexts, HostPort } from './allocations.ts'
import { AddressRange } from './api-keys.ts'
import { HostName } from './nodes.ts'

export const IpPool = z
  .object({
    id: PoolId,
    nodeId: NodeId,
    cidr: z.string().describe('One address, or a range of them.'),
    portFrom: z.int(),
    portTo: z.int(),
    alias: z.string().nullable(),
    publicHost: z.string().nullable(),
    publicPortFrom: z.int().nullable(),
    selfService: z.boolean(),
    /** Ports on all its addresses together; large ones are rounded. */
    size: z.number(),
    /** How many of its ports servers have. */
    used: z.int(),
  })
  .meta({ id: 'IpPool' })
export type IpPool = z.infer<typeof IpPool>

/** Ranges of addresses times ranges of ports that one request may add. */
export const mostPoolsAtOnce = 500

const PortList = z
  .string()
  .regex(/^\d{1,5}(-\d{1,5})?$/, 'A port or a range, like 25565 or 27000-27050.')
  .refine((text) => {
    const { portFrom, portTo } = portsOf(text)
    return HostPort.safeParse(portFrom).success && HostPort.safeParse(portTo).success
  }, 'Ports go from 1024 to 65535.')
  .refine((text) => portsOf(text).portFrom <= portsOf(text).portTo, 'The last is below the first.')

/** What a text of a request means. */
export function portsOf(text: string): { readonly portFrom: number; readonly portTo: number } {
  const [from = '', to = from] = text.split('-')
  return { portFrom: Number(from), portTo: Number(to) }
}

const settings = {
  alias: allocationTexts.alias,
  publicHost: HostName.nullable().describe(
    'What players connect to in place of the address, behind NAT, a tunnel or a proxy.',
  ),
  publicPortFrom: z
    .int()
    .min(1)
    .max(65_535)
    .nullable()
    .describe('In place of the first port; the ports that follow have those that follow.'),
  selfService: z
    .boolean()
    .describe('Whether owners may take from it, and servers that ask for no port in particular.'),
}

const params = z.object({ nodeId: NodeId })
const onePool = params.extend({ poolId: PoolId })

/** What a node gives away beside its own range. */
export const pools = {
  list: endpoint({
    method: 'GET',
    path: '/api/nodes/:nodeId/pools',
    summary: 'Addresses and ports that a node gives away beside its own range',
    tag: 'Nodes',
    needs: 'node.read',
    params,
    returns: z.array(IpPool),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/nodes/:nodeId/pools',
    summary: 'Add each of these ports on each of these addresses; what is there already stays',
    tag: 'Nodes',
    needs: 'node.manage_allocation',
    params,
    body: z
      .object({
        addresses: z.array(AddressRange).min(1).max(mostPoolsAtOnce),
        ports: z.array(PortList).min(1).max(mostPoolsAtOnce),
        alias: settings.alias.default(null),
        publicHost: settings.publicHost.default(null),
        publicPortFrom: settings.publicPortFrom.default(null),
        selfService: settings.selfService.default(true),
      })
      .refine(({ addresses, ports }) => addresses.length * ports.length <= mostPoolsAtOnce, {
        path: ['ports'],
        error: `No more than ${mostPoolsAtOnce} at once: addresses times ports.`,
      }),
    returns: z.object({ created: z.int(), pools: z.array(IpPool) }),
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/nodes/:nodeId/pools/:poolId',
    summary: 'Change a pool; it holds for ports that are taken from then on',
    tag: 'Nodes',
    needs: 'node.manage_allocation',
    params: onePool,
    body: z.object(settings).partial(),
    returns: IpPool,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/nodes/:nodeId/pools/:poolId',
    summary: 'Delete a pool; servers keep what they have from it',
    tag: 'Nodes',
    needs: 'node.manage_allocation',
    params: onePool,
    returns: Nothing,
  }),
}
