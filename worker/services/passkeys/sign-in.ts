import { and, eq, lt, or } from 'drizzle-orm'
import type { SignedIn } from '../../../contract/api/accounts.ts'
import type { passkeys as endpoints } from '../../../contract/api/two-factor.ts'
import type { Input, Output } from '../../../contract/endpoint.ts'
import { AppError } from '../../../contract/errors.ts'
import type { Queries } from '../../db/client.ts'
import { type PasskeyRow, passkeys } from '../../db/schema/sign-in.ts'
import { finishSignIn } from '../auth/finish-sign-in.ts'
import { makeToken, spendToken } from '../auth/one-time-tokens.ts'
import type { Ctx } from '../context.ts'
import { countAttempt } from '../throttle/count-attempt.ts'
import { addressNames } from '../throttle/names.ts'
import { challengeIn, relyingParty } from './relying-party.ts'
import { webAuthn } from './webauthn.ts'

const withinMs = 5 * 60_000

/** Names no account: which passkeys there are for this panel, the browser knows by itself. */
export async function beginPasskeySignIn(ctx: Ctx): Promise<Output<typeof endpoints.beginSignIn>> {
  const purpose = 'passkey_sign_in'
  const order = { purpose, userId: null, payload: null, lastsMs: withinMs } as const
  const { token } = await makeToken(ctx.db, ctx, order)
  const { generateAuthenticationOptions } = await webAuthn()
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(ctx.request).id,
    challenge: new Uint8Array(Buffer.from(token, 'base64url')),
    timeout: withinMs,
    userVerification: 'required',
  })
  return { ...options }
}

/**
 * A passkey shows who holds it and that they unlocked it: both factors in one.
 * @throws `passkey_refused`, in the same words whatever was wrong; `account_disabled`
 */
export async function signInByPasskey(
  ctx: Ctx,
  { answer, rememberMe }: Input<typeof endpoints.signIn>,
): Promise<SignedIn> {
  await countAttempt(ctx, addressNames(ctx))
  const challenge = challengeIn(answer.response.clientDataJSON)
  const asked = await spendToken(ctx.db, ctx, 'passkey_sign_in', challenge)
  if (asked === null) throw new AppError('passkey_refused')
  const [passkey] = await ctx.db.select().from(passkeys).where(eq(passkeys.id, answer.id))
  if (passkey === undefined) throw new AppError('passkey_refused')
  const counter = await verifiedCounter(ctx, answer, challenge, passkey)
  const { userId } = passkey
  const signedIn = await finishSignIn(ctx, async (tx) => {
    await advanceCounter(tx, ctx, passkey, counter)
    return { userId, rememberMe, how: 'passkey', bothFactors: true }
  })
  await ctx.throttle.forgive(addressNames(ctx))
  return signedIn
}

async function verifiedCounter(
  ctx: Ctx,
  {
    authenticatorAttachment: _where,
    response,
    ...credential
  }: Input<typeof endpoints.signIn>['answer'],
  challenge: string,
  { id, publicKey, counter }: PasskeyRow,
): Promise<number> {
  const party = relyingParty(ctx.request)
  const { userHandle: _handle, ...signed } = response
  const { verifyAuthenticationResponse } = await webAuthn()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...credential, response: signed },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
    })
    if (verified) return authenticationInfo.newCounter
  } catch (error) {
    ctx.log.error('passkey_refused', { reason: String(error).slice(0, 200) })
  }
  throw new AppError('passkey_refused')
}

/** A counter that does not grow means that the passkey was copied; passkeys that sync never count. */
async function advanceCounter(
  tx: Queries,
  { clock }: Ctx,
  { id }: PasskeyRow,
  counter: number,
): Promise<void> {
  const grows = or(
    lt(passkeys.counter, counter),
    and(eq(passkeys.counter, 0), eq(passkeys.counter, counter)),
  )
  const used = await tx
    .update(passkeys)
    .set({ counter, lastUsedAt: clock.now() })
    .where(and(eq(passkeys.id, id), grows))
    .returning({ id: passkeys.id })
  if (used.length === 0) throw new AppError('passkey_refused')
}
