import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { ServerId } from '../../contract/ids.ts'
import type { NodePolicy } from '../policy.ts'
import { ownerLabel, serverLabel } from './container-marks.ts'
import { callLimits, limited } from './docker-call.ts'
import { isGone, isPoolOverlap } from './docker-errors.ts'
import { hostRanges } from './host-ranges.ts'
import { bridgeName, freeBlock, gatewayOf, networkName } from './network.ts'
import { RuntimeError } from './runtime.ts'

/** How often a block that somebody else took meanwhile is chosen anew. */
const tries = 5

/** Makes the server's own network if it is not there. Not to be called twice at a time. */
export async function ensureNetwork(
  docker: Dockerode,
  serverId: ServerId,
  owner: string,
  policy: NodePolicy,
): Promise<void> {
  if (await hasNetwork(docker, serverId)) return
  const refused: string[] = []
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const taken = [...(await networkRanges(docker)), ...hostRanges(), ...refused]
    const block = freeBlock(policy.network, taken)
    if (block === null) throw new RuntimeError('failed', poolUsedUp(policy))
    try {
      await createNetwork(docker, serverId, owner, block)
      return
    } catch (error) {
      if (!(error instanceof RuntimeError) || !isPoolOverlap(error.cause)) throw error
      refused.push(block)
    }
  }
  throw new RuntimeError('failed', 'The engine refused every block of addresses for a network.')
}

/** The node's own address on the server's network. */
export async function networkGateway(docker: Dockerode, serverId: ServerId): Promise<string> {
  const network = await limited('inspect the network', callLimits.look, () =>
    docker.getNetwork(networkName(serverId)).inspect(),
  )
  const [config] = Shape.parse(network).IPAM.Config
  if (config === undefined) throw new RuntimeError('failed', 'The network has no addresses.')
  return config.Gateway ?? gatewayOf(config.Subnet)
}

const Shape = z.object({
  IPAM: z.object({
    Config: z.array(z.object({ Subnet: z.string(), Gateway: z.string().optional() })),
  }),
})

/** Removes the server's network; one that is not there is no error. */
export async function removeNetwork(docker: Dockerode, serverId: ServerId): Promise<void> {
  await limited('remove the network', callLimits.remove, async (abortSignal) => {
    try {
      await docker.getNetwork(networkName(serverId)).remove({ abortSignal })
    } catch (error) {
      if (!isGone(error)) throw error
    }
  })
}

/** Whether any server of any owner has a network on this engine. */
export async function hasServerNetworks(docker: Dockerode): Promise<boolean> {
  const found = await limited('list networks', callLimits.look, (abortSignal) =>
    docker.listNetworks({ filters: { label: [serverLabel] }, abortSignal }),
  )
  return found.length > 0
}

function hasNetwork(docker: Dockerode, serverId: ServerId): Promise<boolean> {
  return limited('inspect the network', callLimits.look, async () => {
    try {
      await docker.getNetwork(networkName(serverId)).inspect()
      return true
    } catch (error) {
      if (isGone(error)) return false
      throw error
    }
  })
}

async function networkRanges(docker: Dockerode): Promise<string[]> {
  const networks = await limited('list networks', callLimits.look, (abortSignal) =>
    docker.listNetworks({ abortSignal }),
  )
  const configs = networks.flatMap(({ IPAM }) => IPAM?.Config ?? [])
  return configs.flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet]))
}

async function createNetwork(
  docker: Dockerode,
  serverId: ServerId,
  owner: string,
  block: string,
): Promise<void> {
  await limited('create the network', callLimits.create, (abortSignal) =>
    docker.createNetwork({
      Name: networkName(serverId),
      CheckDuplicate: true,
      Driver: 'bridge',
      EnableIPv6: false,
      IPAM: { Driver: 'default', Config: [{ Subnet: block }] },
      Options: {
        'com.docker.network.bridge.name': bridgeName(serverId),
        'com.docker.network.bridge.enable_icc': 'false',
      },
      Labels: { [ownerLabel]: owner, [serverLabel]: serverId },
      abortSignal,
    }),
  )
}

function poolUsedUp({ network }: NodePolicy): string {
  return (
    `No block of addresses is free in ${network.pool} for another server's network. ` +
    "Widen network.pool in the node's policy file."
  )
}
