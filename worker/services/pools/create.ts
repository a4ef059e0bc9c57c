import { type pools as endpoints, portsOf } from '../../../contract/api/pools.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { PoolId } from '../../../contract/ids.ts'
import { everyAddress, everyIpv4 } from '../../../contract/rules/ports.ts'
import { inTransaction } from '../../db/client.ts'
import { ipPools } from '../../db/schema/fleet.ts'
import { addressesOf, holdsAddress } from '../allocations/address.ts'
import { canonicalRange } from '../api-keys/addresses.ts'
import { audit } from '../audit.ts'
import { type Ctx, newId } from '../context.ts'
import { invalidField } from '../invalid.ts'
import { readNode } from '../nodes/present.ts'
import { readPools } from './present.ts'
import { checkPublicPorts } from './public-ports.ts'

type Given = Input<typeof endpoints.create>

/** Each range of addresses with each range of ports is one pool; none is taken apart into its addresses. */
export async function createPools(
  ctx: Ctx,
  { nodeId, addresses, ports, ...settings }: Given,
): Promise<Output<typeof endpoints.create>> {
  const ranges = ports.map(portsOf)
  if (settings.publicPortFrom !== null && ranges.length > 1) {
    throw invalidField('publicPortFrom', 'Only with one range of ports: the others would meet it.')
  }
  for (const range of ranges) checkPublicPorts({ ...range, ...settings })
  const rows = networksOf(addresses).flatMap((cidr) =>
    ranges.map((range) => ({ id: newId<PoolId>(ctx), nodeId, cidr, ...range, ...settings })),
  )
  return inTransaction(ctx.db, async (tx) => {
    await readNode(tx, nodeId)
    const written = await tx.insert(ipPools).values(rows).onConflictDoNothing()
    const created = written.rowsAffected
    await audit(tx, ctx, {
      action: 'pool.create',
      target: { type: 'node', id: nodeId },
      after: { addresses, ports, ...settings, created },
    })
    return { created, pools: await readPools(tx, nodeId) }
  })
}

/** @throws `invalid_input` that names the ranges which hold an address that stands for others */
function networksOf(addresses: Given['addresses']): string[] {
  const networks = addresses.map(canonicalRange)
  const issues = networks.flatMap((cidr, at) =>
    isPlainRange(cidr)
      ? []
      : [{ path: ['addresses', String(at)], message: 'It holds an address that stands for all.' }],
  )
  if (issues.length > 0) throw new AppError('invalid_input', issues)
  return [...new Set(networks)]
}

/** Whether each address of it is one that a port can be on: none stands for others. */
function isPlainRange(cidr: string): boolean {
  const isOne = addressesOf(cidr).count === 1n
  return isOne || ![everyIpv4, everyAddress].some((ip) => holdsAddress(cidr, ip))
}
