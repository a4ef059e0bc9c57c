import { and, desc, eq, gt, inArray, ne } from 'drizzle-orm'
import type { auth, Session } from '../../../contract/api/accounts.ts'
import type { Input } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { SessionId, UserId } from '../../../contract/ids.ts'
import { hashToken } from '../../crypto.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { sessions } from '../../db/schema/accounts.ts'
import { oneTimeTokens, type TokenPurpose } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import type { Ctx, Person } from '../context.ts'
import { iso } from '../iso.ts'
import { closeWatchers } from './close-watchers.ts'
import { dropTokens } from './one-time-tokens.ts'

/** @throws `not_found` for scripts, which act for the panel and have no account */
export function requirePerson({ caller }: Ctx): Person {
  if (caller.kind === 'user') return caller
  throw new AppError('not_found', undefined, 'Only accounts have this.')
}

export async function listSessions(ctx: Ctx): Promise<Session[]> {
  const person = requirePerson(ctx)
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, person.id), gt(sessions.expiresAt, ctx.clock.now())))
    .orderBy(desc(sessions.createdAt))
  return rows.map(({ tokenHash, createdAt, expiresAt, userAgent, ip }) => ({
    id: idOf(tokenHash),
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    userAgent,
    ip,
    current: tokenHash === person.tokenHash,
  }))
}

/** @throws `not_found` */
export async function revokeSession(
  ctx: Ctx,
  { sessionId }: Input<typeof auth.revokeSession>,
): Promise<Record<never, never>> {
  const person = requirePerson(ctx)
  const { id } = person
  await inTransaction(ctx.db, async (tx) => {
    const rows = await tx
      .select({ tokenHash: sessions.tokenHash })
      .from(sessions)
      .where(eq(sessions.userId, id))
    const meant = rows.filter(({ tokenHash }) => idOf(tokenHash) === sessionId)
    if (meant.length === 0) throw new AppError('not_found')
    const hashes = meant.map(({ tokenHash }) => tokenHash)
    await tx.delete(sessions).where(inArray(sessions.tokenHash, hashes))
    await audit(tx, ctx, { action: 'auth.revoke_session', target: { type: 'user', id } })
  })
  await closeWatchers(ctx, person)
  return {}
}

/** Ways into an account that are under way or were sent to somebody. */
const waysIn: readonly TokenPurpose[] = ['two_factor', 'password_reset', 'login_link']

/**
 * Ends what an account has open, and sign-ins that are under way.
 * @param spared the session that goes on; null: none does
 */
export async function endSessions(tx: Queries, id: UserId, spared: string | null): Promise<void> {
  const others = spared === null ? undefined : ne(sessions.tokenHash, spared)
  await tx.delete(sessions).where(and(eq(sessions.userId, id), others))
  const open = inArray(oneTimeTokens.purpose, [...waysIn])
  await tx.delete(oneTimeTokens).where(and(eq(oneTimeTokens.userId, id), open))
}

const mailed: readonly TokenPurpose[] = ['account_invite', 'password_reset']

/** Whoever reads an address that is not the account's any more must not get into it. */
export async function dropMailedLinks(tx: Queries, id: UserId): Promise<void> {
  for (const purpose of mailed) await dropTokens(tx, purpose, id)
}

/** The hash of the hash: names a session without telling what its row is found by. */
function idOf(tokenHash: string): SessionId {
  return hashToken(tokenHash).slice(0, 22) as SessionId // base64url, as the id's schema wants it
}
