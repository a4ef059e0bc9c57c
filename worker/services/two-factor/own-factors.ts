import { asc, eq } from 'drizzle-orm'
import type { twoFactor as endpoints, Passkey } from '../../../contract/api/two-factor.ts'
import type { Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Queries } from '../../db/client.ts'
import { type PasskeyRow, passkeys, recoveryCodes, totpSecrets } from '../../db/schema/sign-in.ts'
import { hasPassword } from '../auth/confirm-password.ts'
import { requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { iso, isoOrNull } from '../iso.ts'
import { hasFactor, mustHaveFactor, readFactors } from './factors.ts'

export async function readOwnFactors(ctx: Ctx): Promise<Output<typeof endpoints.state>> {
  const { id } = requirePerson(ctx)
  const { db } = ctx
  const [factors, keys, password, required] = await Promise.all([
    readFactors(db, id),
    db
      .select()
      .from(passkeys)
      .where(eq(passkeys.userId, id))
      .orderBy(asc(passkeys.createdAt), asc(passkeys.id)),
    hasPassword(db, id),
    mustHaveFactor(db, id),
  ])
  return {
    totp: factors.totp,
    recoveryCodesLeft: factors.recoveryCodes,
    passkeys: keys.map(toPasskey),
    required,
    hasPassword: password,
  }
}

export function toPasskey({ id, name, createdAt, lastUsedAt }: PasskeyRow): Passkey {
  return { id, name, createdAt: iso(createdAt), lastUsedAt: isoOrNull(lastUsedAt) }
}

/**
 * Asked after a factor was removed, in its transaction: who has to have one keeps one, and recovery codes go
 * with the last.
 * @throws `two_factor_required`
 */
export async function settleRemoval(tx: Queries, userId: UserId): Promise<void> {
  if (hasFactor(await readFactors(tx, userId))) return
  if (await mustHaveFactor(tx, userId)) {
    const sentence = 'A role of yours asks for a second factor, and this is the last one.'
    throw new AppError('two_factor_required', undefined, sentence)
  }
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
}

/** Whatever an account has besides its password. */
export async function removeFactors(tx: Queries, userId: UserId): Promise<void> {
  await tx.delete(totpSecrets).where(eq(totpSecrets.userId, userId))
  await tx.delete(passkeys).where(eq(passkeys.userId, userId))
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId))
}
