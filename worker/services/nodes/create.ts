import type { nodes as endpoints, Node } from '../../../contract/api/nodes.ts'
import type { Input } from '../../../contract/endpoint.ts'
import type { NodeId } from '../../../contract/ids.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { nodes } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { firstLocation } from '../locations/first-location.ts'
import { readNode } from './present.ts'
import { checkSettings } from './settings.ts'

export async function createNode(ctx: Ctx, given: Input<typeof endpoints.create>): Promise<Node> {
  const id = newId<NodeId>(ctx)
  return inTransaction(ctx.db, async (tx) => {
    const settings = {
      name: given.name,
      description: given.description ?? null,
      locationId: given.locationId ?? (await firstLocation(tx, ctx)),
      publicAddress: given.publicAddress,
      maxMemoryMb: given.maxMemoryMb ?? null,
      maxCpuCores: given.maxCpuCores ?? null,
      maxDiskMb: given.maxDiskMb ?? null,
      memoryOvercommit: given.memoryOvercommit,
      cpuOvercommit: given.cpuOvercommit,
      diskOvercommit: given.diskOvercommit,
      tags: given.tags,
      maintenance: given.maintenance,
      portFrom: given.portFrom,
      portTo: given.portTo,
    }
    await checkSettings(tx, settings)
    const row = { id, ...settings, createdAt: ctx.clock.now() }
    await refuseDuplicate(tx.insert(nodes).values(row), 'name_taken')
    const target = { type: 'node', id } as const
    await audit(tx, ctx, { action: 'node.create', target, after: settings })
    return readNode(tx, id)
  })
}
