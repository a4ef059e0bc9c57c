import { eq } from 'drizzle-orm'
import type { SignedIn } from '../../../contract/api/accounts.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { users } from '../../db/schema/accounts.ts'
import { audit } from '../audit.ts'
import type { Ctx } from '../context.ts'
import { iso } from '../iso.ts'
import { hasFactor, readFactors } from '../two-factor/factors.ts'
import { dropTokens, makeToken } from './one-time-tokens.ts'
import { answerSignedIn, type NewSession, openSession } from './sessions.ts'

/** Milliseconds for which a second factor is waited for. */
const secondFactorWithinMs = 5 * 60_000

export interface SignIn {
  readonly userId: UserId
  readonly rememberMe: boolean
  /** By which way they came in, for the audit log. */
  readonly how: 'password' | 'passkey' | 'oidc' | 'login_link' | 'invite' | 'totp' | 'recovery_code'
  /** What they have shown proves both factors already. */
  readonly bothFactors?: boolean
}

/** What a sign-in that waits for its second factor has to know then. */
export interface WaitingSignIn {
  readonly rememberMe: boolean
}

/** Reads what was left with a token of the purpose `two_factor`. */
export function waitingSignIn(payload: unknown): WaitingSignIn {
  const isWaiting = typeof payload === 'object' && payload !== null && 'rememberMe' in payload
  return { rememberMe: isWaiting && payload.rememberMe === true }
}

/**
 * Says who is signing in and how, in the transaction that opens the session: what proves it is used up there,
 * and holds at that moment.
 */
export type Prove = (tx: Queries) => Promise<SignIn>

type Outcome =
  | { readonly session: NewSession; readonly rememberMe: boolean }
  | { readonly error: AppError }

/**
 * The end of every way in: whoever has proved to be an account gets a session, unless the account is
 * disabled or has a second factor that they have not shown.
 * @throws `account_disabled`; `second_factor_needed`, whose details hold the token to show it with; what
 *   `prove` throws
 */
export async function finishSignIn(ctx: Ctx, prove: Prove): Promise<SignedIn> {
  const outcome = await inTransaction(ctx.db, async (tx) => decide(tx, ctx, await prove(tx)))
  if ('error' in outcome) throw outcome.error
  const { session, rememberMe } = outcome
  ctx.cookie.set(session.token, rememberMe ? session.expiresAt : null)
  return answerSignedIn(ctx, session)
}

/** Refusals are returned: what they wrote has to be committed. */
async function decide(tx: Queries, ctx: Ctx, signIn: SignIn): Promise<Outcome> {
  const { userId, rememberMe, how, bothFactors = false } = signIn
  const [user] = await tx.select().from(users).where(eq(users.id, userId))
  if (user === undefined || user.disabledAt !== null) {
    return { error: new AppError('account_disabled') }
  }
  const methods = bothFactors ? [] : await secondFactorsOf(tx, userId)
  if (methods.length > 0) {
    await dropTokens(tx, 'two_factor', userId)
    const payload: WaitingSignIn = { rememberMe }
    const order = { purpose: 'two_factor', userId, payload, lastsMs: secondFactorWithinMs } as const
    const { token, expiresAt } = await makeToken(tx, ctx, order)
    const details = { token, expiresAt: iso(expiresAt), methods }
    return { error: new AppError('second_factor_needed', details) }
  }
  await audit(tx, ctx, {
    action: 'auth.login',
    target: { type: 'user', id: userId },
    after: { how },
    actor: { kind: 'user', id: userId, name: user.name },
  })
  return { session: await openSession(tx, ctx, userId, rememberMe), rememberMe }
}

/** With what an account can show its second factor; none: it has none. */
async function secondFactorsOf(tx: Queries, userId: UserId): Promise<string[]> {
  const factors = await readFactors(tx, userId)
  if (!hasFactor(factors)) return []
  return [
    ...(factors.totp ? ['totp'] : []),
    ...(factors.recoveryCodes > 0 ? ['recovery_code'] : []),
    ...(factors.passkeys > 0 ? ['passkey'] : []),
  ]
}
