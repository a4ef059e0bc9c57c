import { and, eq, gt } from 'drizzle-orm'
import type { UserId } from '../../../contract/ids.ts'
import { hashToken } from '../../crypto.ts'
import type { Queries } from '../../db/client.ts'
import { oneTimeTokens, type TokenPurpose } from '../../db/schema/sign-in.ts'
import { type Deps, newToken } from '../context.ts'

type Moment = Pick<Deps, 'clock'>

export interface TokenOrder {
  readonly purpose: TokenPurpose
  readonly userId: UserId | null
  /** What whoever uses it has to know; kept in the clear, so never a secret. */
  readonly payload: unknown
  /** Milliseconds. */
  readonly lastsMs: number
}

/** What a token was made for. */
export interface TokenFacts {
  readonly userId: UserId | null
  readonly payload: unknown
}

/** Makes a token that is good once, for one thing, for a while. */
export async function makeToken(
  tx: Queries,
  deps: Pick<Deps, 'clock' | 'rng'>,
  { purpose, userId, payload, lastsMs }: TokenOrder,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const token = newToken(deps)
  const createdAt = deps.clock.now()
  const expiresAt = createdAt + lastsMs
  const tokenHash = hashToken(token)
  await tx
    .insert(oneTimeTokens)
    .values({ tokenHash, purpose, userId, payload, createdAt, expiresAt })
  return { token, expiresAt }
}

/**
 * Uses a token up: of requests that race with it exactly one gets what it was made for.
 * @returns null when it is unknown, used, expired, or made for something else
 */
export async function spendToken(
  tx: Queries,
  deps: Moment,
  purpose: TokenPurpose,
  token: string,
): Promise<TokenFacts | null> {
  const [used] = await tx
    .delete(oneTimeTokens)
    .where(isUsable(deps, purpose, token))
    .returning({ userId: oneTimeTokens.userId, payload: oneTimeTokens.payload })
  return used ?? null
}

/** The same where the account's own session stands for the token, of which it has one at a time. */
export async function spendTokenOf(
  tx: Queries,
  { clock }: Moment,
  purpose: TokenPurpose,
  userId: UserId,
): Promise<TokenFacts | null> {
  const [used] = await tx
    .delete(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        eq(oneTimeTokens.purpose, purpose),
        gt(oneTimeTokens.expiresAt, clock.now()),
      ),
    )
    .returning({ userId: oneTimeTokens.userId, payload: oneTimeTokens.payload })
  return used ?? null
}

/** As `spendToken`, without using it up. */
export async function readToken(
  db: Queries,
  deps: Moment,
  purpose: TokenPurpose,
  token: string,
): Promise<TokenFacts | null> {
  const [found] = await db
    .select({ userId: oneTimeTokens.userId, payload: oneTimeTokens.payload })
    .from(oneTimeTokens)
    .where(isUsable(deps, purpose, token))
  return found ?? null
}

/** Makes all tokens of an account for one thing worth nothing. */
export async function dropTokens(
  tx: Queries,
  purpose: TokenPurpose,
  userId: UserId,
): Promise<void> {
  await tx
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.purpose, purpose), eq(oneTimeTokens.userId, userId)))
}

/** A statement's condition: the row of this token, while it is good for `purpose`. */
export function isUsable({ clock }: Moment, purpose: TokenPurpose, token: string) {
  return and(
    eq(oneTimeTokens.tokenHash, hashToken(token)),
    eq(oneTimeTokens.purpose, purpose),
    gt(oneTimeTokens.expiresAt, clock.now()),
  )
}
