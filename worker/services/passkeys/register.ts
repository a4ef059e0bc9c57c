import { eq } from 'drizzle-orm'
import type { passkeys as endpoints } from '../../../contract/api/two-factor.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import { inTransaction, refuseDuplicate } from '../../db/client.ts'
import { type PasskeyRow, passkeys } from '../../db/schema/sign-in.ts'
import { audit } from '../audit.ts'
import { closeWatchers } from '../auth/close-watchers.ts'
import { makeToken, spendToken } from '../auth/one-time-tokens.ts'
import { endSessions, requirePerson } from '../auth/own-sessions.ts'
import type { Ctx } from '../context.ts'
import { confirmOwner } from '../two-factor/confirm-owner.ts'
import { readFactors } from '../two-factor/factors.ts'
import { toPasskey } from '../two-factor/own-factors.ts'
import { renewRecoveryCodes } from '../two-factor/recovery-codes.ts'
import { challengeIn, relyingParty, userHandle } from './relying-party.ts'
import { webAuthn } from './webauthn.ts'

const withinMs = 5 * 60_000
const mostPasskeys = 20
/** COSE: EdDSA, ES256 and RS256, of which every authenticator knows one. */
const algorithms = [-8, -7, -257] as const

/** @throws what `confirmOwner` throws */
export async function beginPasskey(
  ctx: Ctx,
  proof: Input<typeof endpoints.begin>,
): Promise<Output<typeof endpoints.begin>> {
  const person = requirePerson(ctx)
  await confirmOwner(ctx, person, proof)
  const { id: userId, email, name } = person
  const { token } = await inTransaction(ctx.db, async (tx) => {
    await audit(tx, ctx, { action: 'auth.begin_passkey', target: { type: 'user', id: userId } })
    const purpose = 'passkey_registration'
    return makeToken(tx, ctx, { purpose, userId, payload: null, lastsMs: withinMs })
  })
  const known = await ctx.db.select().from(passkeys).where(eq(passkeys.userId, userId))
  const party = relyingParty(ctx.request)
  const { generateRegistrationOptions } = await webAuthn()
  const options = await generateRegistrationOptions({
    rpID: party.id,
    rpName: party.name,
    userID: userHandle(userId),
    userName: email,
    userDisplayName: name,
    challenge: bytesOf(token),
    timeout: withinMs,
    attestationType: 'none',
    supportedAlgorithmIDs: [...algorithms],
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { ...options }
}

/**
 * Every other session of the account ends, as with any change of its factors [S4].
 * @throws `passkey_refused`, `limit_reached`
 */
export async function addPasskey(
  ctx: Ctx,
  { name, answer }: Input<typeof endpoints.add>,
): Promise<Output<typeof endpoints.add>> {
  const person = requirePerson(ctx)
  const { id: userId, tokenHash } = person
  const challenge = challengeIn(answer.response.clientDataJSON)
  const asked = await spendToken(ctx.db, ctx, 'passkey_registration', challenge)
  if (asked === null || asked.userId !== userId) throw new AppError('passkey_refused')
  const made = await verified(ctx, answer, challenge)
  const row: PasskeyRow = {
    id: made.id,
    userId,
    name,
    publicKey: Buffer.from(made.publicKey).toString('base64url'),
    counter: made.counter,
    transports: answer.response.transports,
    createdAt: ctx.clock.now(),
    lastUsedAt: null,
  }
  const recoveryCodes = await inTransaction(ctx.db, async (tx) => {
    const before = await readFactors(tx, userId)
    if (before.passkeys >= mostPasskeys) throw new AppError('limit_reached')
    await refuseDuplicate(tx.insert(passkeys).values(row), 'passkey_refused')
    await endSessions(tx, userId, tokenHash)
    const target = { type: 'user', id: userId } as const
    await audit(tx, ctx, { action: 'auth.add_passkey', target, after: { name } })
    // Whoever has some left keeps them: they stand in for every factor.
    return before.recoveryCodes > 0 ? null : renewRecoveryCodes(tx, ctx, userId)
  })
  await closeWatchers(ctx, person)
  return { passkey: toPasskey(row), recoveryCodes }
}

async function verified(
  ctx: Ctx,
  answer: Input<typeof endpoints.add>['answer'],
  challenge: string,
) {
  const party = relyingParty(ctx.request)
  const { authenticatorAttachment: _where, ...credential } = answer
  const { verifyRegistrationResponse } = await webAuthn()
  try {
    const { verified: isRight, registrationInfo } = await verifyRegistrationResponse({
      response: credential,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...algorithms],
    })
    if (isRight) return registrationInfo.credential
  } catch (error) {
    ctx.log.error('passkey_refused', { reason: String(error).slice(0, 200) })
  }
  throw new AppError('passkey_refused')
}

function bytesOf(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(token, 'base64url'))
}
