import { eq } from 'drizzle-orm'
import * as z from 'zod'
import type { twoFactor as endpoints } from '../../../contract/api/two-factor.ts'
import type { AuditAction } from '../../../contract/audit-actions.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { UserId } from '../../../contract/ids.ts'
import { inTransaction, type Queries } from '../../db/client.ts'
import { totpSecrets } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { dropTokens, makeToken, spendTokenOf } from '../auth/one-time-tokens.ts'
import { endSessions, requirePerson } from '../auth/own-sessions.ts'
import type { Ctx, Person } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { secondFactorName } from '../throttle/names.ts'
import { confirmOwner } from './confirm-owner.ts'
import { settleRemoval } from './own-factors.ts'
import { renewRecoveryCodes } from './recovery-codes.ts'
import { secretPlace } from './take-code.ts'
import { newTotpSecret, stepOf, totpUri } from './totp.ts'

const confirmWithinMs = 15 * 60_000
/** A secret that waits for its first code, sealed for the row that it will stand in. */
const WaitingSecret = z.object({ secret: z.string() })

/**
 * Makes a secret, which counts for nothing until `confirmTotp`. Begun anew, the one before is forgotten.
 * @throws what `confirmOwner` throws
 */
export async function beginTotp(
  ctx: Ctx,
  proof: Input<typeof endpoints.beginTotp>,
): Promise<Output<typeof endpoints.beginTotp>> {
  const person = requirePerson(ctx)
  await confirmOwner(ctx, person, proof)
  const { id: userId, email } = person
  const secret = newTotpSecret((count) => ctx.rng.bytes(count))
  const payload = { secret: ctx.secrets.seal(secretPlace(userId), secret) }
  await inTransaction(ctx.db, async (tx) => {
    await dropTokens(tx, 'totp_set_up', userId)
    await makeToken(tx, ctx, { purpose: 'totp_set_up', userId, payload, lastsMs: confirmWithinMs })
    await audit(tx, ctx, { action: 'auth.begin_totp', target: { type: 'user', id: userId } })
  })
  return { secret, uri: totpUri(secret, email) }
}

/**
 * All other sessions end: from now on they would have asked for the code. An earlier app is worth nothing
 * any more, nor are earlier recovery codes.
 * @throws `wrong_code`, `too_many_attempts`
 */
export async function confirmTotp(
  ctx: Ctx,
  { code }: Input<typeof endpoints.confirmTotp>,
): Promise<Output<typeof endpoints.confirmTotp>> {
  const person = requirePerson(ctx)
  const names = [secondFactorName(person.id)]
  await countAttempt(ctx, names)
  const recoveryCodes = await inTransaction(ctx.db, async (tx) => {
    await takeFirstCode(tx, ctx, person.id, code)
    await tellOfChange(tx, ctx, person, 'auth.confirm_totp')
    return renewRecoveryCodes(tx, ctx, person.id)
  })
  await ctx.throttle.forgive(names)
  await closeWatchers(ctx, person)
  return { recoveryCodes }
}

/** @throws `two_factor_required` where a role asks for a factor and this is the last; as `confirmOwner` */
export async function removeTotp(
  ctx: Ctx,
  proof: Input<typeof endpoints.removeTotp>,
): Promise<Record<never, never>> {
  const person = requirePerson(ctx)
  await confirmOwner(ctx, person, proof)
  await inTransaction(ctx.db, async (tx) => {
    await tx.delete(totpSecrets).where(eq(totpSecrets.userId, person.id))
    await settleRemoval(tx, person.id)
    await tellOfChange(tx, ctx, person, 'auth.remove_totp')
  })
  await closeWatchers(ctx, person)
  return {}
}

/** @throws `no_second_factor` where they could stand in for none; as `confirmOwner` */
export async function renewOwnCodes(
  ctx: Ctx,
  proof: Input<typeof endpoints.renewRecoveryCodes>,
): Promise<Output<typeof endpoints.renewRecoveryCodes>> {
  const person = requirePerson(ctx)
  const { id } = person
  if (!person.hasTwoFactor) throw new AppError('no_second_factor')
  await confirmOwner(ctx, person, proof)
  const recoveryCodes = await inTransaction(ctx.db, async (tx) => {
    await audit(tx, ctx, { action: 'auth.renew_recovery_codes', target: { type: 'user', id } })
    return renewRecoveryCodes(tx, ctx, id)
  })
  return { recoveryCodes }
}

async function takeFirstCode(tx: Queries, ctx: Ctx, userId: UserId, code: string): Promise<void> {
  const waiting = await spendTokenOf(tx, ctx, 'totp_set_up', userId)
  if (waiting === null) throw new AppError('wrong_code')
  const { secret } = WaitingSecret.parse(waiting.payload)
  const now = ctx.clock.now()
  const step = stepOf(ctx.secrets.open(secretPlace(userId), secret), code, now)
  if (step === null) throw new AppError('wrong_code')
  const row = { secret, lastStep: step, createdAt: now }
  await tx
    .insert(totpSecrets)
    .values({ userId, ...row })
    .onConflictDoUpdate({ target: totpSecrets.userId, set: row })
}

/** A change of factors ends every other session [S4], and stands in the audit log. */
async function tellOfChange(
  tx: Queries,
  ctx: Ctx,
  { id, tokenHash }: Person,
  action: AuditAction,
): Promise<void> {
  await endSessions(tx, id, tokenHash)
  await audit(tx, ctx, { action, target: { type: 'user', id } })
}
