import { and, eq, gt, isNull } from 'drizzle-orm'
import type { agents } from '../../../contract/api/agents.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { hashToken } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { joinTokens, nodes } from '../../db/schema/fleet.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { tell } from '../tell.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { joinNames } from '../throttle/names.ts'
import { tellKey } from './key.ts'

/** [N1] Takes an agent's key for a join token. A node that had a key before has only the new one. */
export async function enroll(
  ctx: Ctx,
  { token, publicKey, machineId }: Input<typeof agents.enroll>,
): Promise<Output<typeof agents.enroll>> {
  const names = joinNames(ctx)
  await countAttempt(ctx, names)
  const node = await inTransaction(ctx.db, async (tx) => {
    const nodeId = await spendToken(tx, ctx, token)
    const [row] = await tx
      .update(nodes)
      .set({ publicKey, machineId, enrolledAt: ctx.clock.now(), keyPending: true, alert: null })
      .where(eq(nodes.id, nodeId))
      .returning({ id: nodes.id, name: nodes.name })
    if (row === undefined) throw new AppError('join_token_invalid')
    await audit(tx, ctx, {
      action: 'node.enroll',
      target: { type: 'node', id: nodeId },
      after: { machineId },
      actor: { kind: 'agent', id: nodeId, name: row.name },
    })
    return row
  })

  await ctx.throttle.forgive(names)
  await tell(ctx, 'key', () => tellKey(ctx, node.id, publicKey))
  return { nodeId: node.id, nodeName: node.name }
}

async function spendToken(tx: Queries, ctx: Ctx, token: string) {
  const now = ctx.clock.now()
  const [used] = await tx
    .update(joinTokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(joinTokens.tokenHash, hashToken(token)),
        isNull(joinTokens.usedAt),
        gt(joinTokens.expiresAt, now),
      ),
    )
    .returning({ nodeId: joinTokens.nodeId })
  if (used === undefined) throw new AppError('join_token_invalid')
  return used.nodeId
}
