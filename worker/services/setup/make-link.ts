import type { setup } from '../../../contract/api/accounts.ts'
import type { Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { hashToken } from '../../crypto.ts'
import { inTransaction } from '../../db/client.ts'
import { setupTokens } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import { type Ctx, newToken } from '../context.ts'
import { isSetUp } from './state.ts'

const lastsMs = 24 * 60 * 60 * 1000

export async function makeSetupLink(ctx: Ctx): Promise<Output<typeof setup.makeLink>> {
  const token = newToken(ctx)
  const createdAt = ctx.clock.now()
  const expiresAt = createdAt + lastsMs

  await inTransaction(ctx.db, async (tx) => {
    if (await isSetUp(tx)) throw new AppError('already_set_up')
    await tx.insert(setupTokens).values({ tokenHash: hashToken(token), createdAt, expiresAt })
    await audit(tx, ctx, { action: 'setup.link', target: null })
  })
  return { token, expiresAt: new Date(expiresAt).toISOString() }
}
