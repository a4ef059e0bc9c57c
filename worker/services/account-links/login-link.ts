import { type accountLinks, linkPages } from '../../../contract/api/account-links.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction } from '../../db/client.ts'
import { audit } from '../audit.ts'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import { makeToken, spendToken } from '../auth/one-time-tokens.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { readHolder } from './hand-over.ts'

const lastsMs = 60_000

/**
 * For billing areas: their customer is signed in there already.
 * @throws `not_found`, `exceeds_your_rights`, `account_disabled`
 */
export async function makeLoginLink(
  ctx: Ctx,
  { userId }: Input<typeof accountLinks.makeLoginLink>,
): Promise<Output<typeof accountLinks.makeLoginLink>> {
  return inTransaction(ctx.db, async (tx) => {
    await readHolder(tx, ctx, userId)
    const order = { purpose: 'login_link', userId, payload: null, lastsMs } as const
    const { token, expiresAt } = await makeToken(tx, ctx, order)
    await audit(tx, ctx, { action: 'user.login_link', target: { type: 'user', id: userId } })
    const url = `${ctx.request.origin}${linkPages.loginLink}#${token}`
    return { url, expiresAt: iso(expiresAt) }
  })
}

/** @throws `link_invalid`, `account_disabled`, `second_factor_needed` */
export async function useLoginLink(
  ctx: Ctx,
  { token }: Input<typeof accountLinks.useLoginLink>,
): Promise<Output<typeof accountLinks.useLoginLink>> {
  return finishSignIn(ctx, async (tx) => {
    const userId = (await spendToken(tx, ctx, 'login_link', token))?.userId ?? null
    if (userId === null) throw new AppError('link_invalid')
    return { userId, rememberMe: false, how: 'login_link' }
  })
}
