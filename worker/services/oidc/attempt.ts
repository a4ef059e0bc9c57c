import * as z from 'zod'
import { oidcCallbackPage } from '../../../contract/api/oidc.ts'
import { AppError } from '../../../contract/errors.ts'
import { ProviderId, type UserId } from '../../../contract/ids.ts'
import { fingerprintOf, hashToken, isSameSecret } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { makeToken, spendToken } from '../auth/one-time-tokens.ts'
import type { Ctx } from '../context.ts'
import type { Attempt } from './gate.ts'

/** How long somebody may take at the provider. */
export const attemptLastsMs = 10 * 60 * 1000

const Kept = z.object({
  providerId: ProviderId,
  /** Hash of what binds the attempt to one browser. */
  boundTo: z.string(),
  rememberMe: z.boolean(),
})

interface Order {
  readonly providerId: ProviderId
  /** What the way back has to bring again, and no other browser has: a secret. */
  readonly binding: string
  readonly rememberMe: boolean
  /** Whose account is to be linked; null: somebody signs in. */
  readonly userId: UserId | null
}

/**
 * Begins an attempt. Its state is a one-time token; nonce and PKCE verifier come of it and of what binds it
 * to the browser, so that neither the database nor who sees the addresses can make them.
 */
export async function makeAttempt(
  tx: Queries,
  ctx: Pick<Ctx, 'clock' | 'rng' | 'request'>,
  { providerId, binding, rememberMe, userId }: Order,
): Promise<Attempt> {
  const payload: z.infer<typeof Kept> = { providerId, boundTo: hashToken(binding), rememberMe }
  const order = { purpose: 'oidc', userId, payload, lastsMs: attemptLastsMs } as const
  const { token } = await makeToken(tx, ctx, order)
  return attemptOf(ctx, token, binding)
}

/**
 * Ends an attempt, once; for whoever did not begin it, it stays as it is.
 * @param binding null: the browser brought none
 * @throws `sign_in_expired`
 */
export async function endAttempt(
  ctx: Ctx,
  { state, binding, userId }: { state: string; binding: string | null; userId: UserId | null },
) {
  const { providerId, rememberMe } = await inTransaction(ctx.db, async (tx) => {
    const used = await spendToken(tx, ctx, 'oidc', state)
    if (used === null || used.userId !== userId || binding === null) throw expired()
    const kept = Kept.parse(used.payload)
    if (!isSameSecret(kept.boundTo, hashToken(binding))) throw expired()
    return kept
  })
  if (binding === null) throw expired()
  return { providerId, rememberMe, attempt: attemptOf(ctx, state, binding) }
}

function attemptOf({ request }: Pick<Ctx, 'request'>, state: string, binding: string): Attempt {
  return {
    state,
    nonce: fingerprintOf(binding, `nonce ${state}`),
    verifier: fingerprintOf(binding, `verifier ${state}`),
    redirectUri: `${request.origin}${oidcCallbackPage}`,
  }
}

function expired(): AppError {
  const sentence =
    'This sign-in was begun too long ago or in another browser, or is done already. Start over.'
  return new AppError('sign_in_expired', undefined, sentence)
}
