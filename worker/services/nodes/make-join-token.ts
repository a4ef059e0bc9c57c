import type { nodes as endpoints } from '../../../contract/api/nodes.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { hashToken } from '../../crypto.ts'
import { inTransaction } from '../../db/client.ts'
import { joinTokens } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import { type Ctx, newToken } from '../context.ts'
import { iso } from '../iso.ts'
import { readNode } from './present.ts'

const lastsMs = 15 * 60 * 1000

/** [N1] A token lets one agent in, once. */
export async function makeJoinToken(
  ctx: Ctx,
  { nodeId }: Input<typeof endpoints.makeJoinToken>,
): Promise<Output<typeof endpoints.makeJoinToken>> {
  const token = newToken(ctx)
  const createdAt = ctx.clock.now()
  const expiresAt = createdAt + lastsMs

  await inTransaction(ctx.db, async (tx) => {
    const { name } = await readNode(tx, nodeId)
    await tx.insert(joinTokens).values({
      tokenHash: hashToken(token),
      nodeId,
      createdAt,
      expiresAt,
    })
    const target = { type: 'node', id: nodeId } as const
    await audit(tx, ctx, { action: 'node.join_token', target, after: { name } })
  })
  const { origin } = ctx.request
  return {
    token,
    command: `curl -fsSL ${origin}/install.sh | sh -s -- --panel ${origin} --token ${token}`,
    expiresAt: iso(expiresAt),
  }
}
