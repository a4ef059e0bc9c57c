import { eq } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import { passkeys as endpoints } from '../../contract/api/two-factor.ts'
import type { UserId } from '../../contract/ids.ts'
import { hashPassword } from '../../worker/crypto.ts'
import { users } from '../../worker/db/schema/accounts.ts'
import { auditLog } from '../../worker/db/schema/activity.ts'
import { passkeys, totpSecrets } from '../../worker/db/schema/sign-in.ts'
import { makeToken } from '../../worker/services/auth/one-time-tokens.ts'
import { newId } from '../../worker/services/context.ts'
import { secretPlace } from '../../worker/services/two-factor/take-code.ts'
import { newTotpSecret } from '../../worker/services/two-factor/totp.ts'
import { softwarePasskey } from './software-passkey.ts'
import { theCaller } from './the-caller.ts'
import { origin, type World } from './world.ts'

/** Inputs for the endpoints of second factors. */
export function twoFactorInputs(w: World) {
  return {
    'twoFactor.state': async () => ({}),
    'twoFactor.beginTotp': async () => ({ currentPassword: await aPassword(w) }),
    'twoFactor.confirmTotp': async () => ({ code: await aWaitingApp(w) }),
    'twoFactor.removeTotp': async () => ({ code: await anApp(w, (await theCaller(w)).id) }),
    'twoFactor.renewRecoveryCodes': async () => {
      await anApp(w, (await theCaller(w)).id)
      return { currentPassword: await aPassword(w) }
    },
    'twoFactor.secondStep': async () => {
      const { id: userId } = await w.rows.user()
      const code = await anApp(w, userId)
      const order = { purpose: 'two_factor', userId, payload: {}, lastsMs: 1000 } as const
      return { code, token: (await makeToken(w.deps.db, w.deps, order)).token }
    },
    'twoFactor.reset': async () => ({ userId: (await w.rows.user()).id }),
    'passkeys.begin': async () => ({ currentPassword: await aPassword(w) }),
    'passkeys.add': async () => {
      const order = { payload: null, userId: (await theCaller(w)).id, lastsMs: 1000 }
      const { token } = await makeToken(w.deps.db, w.deps, {
        ...order,
        purpose: 'passkey_registration',
      })
      return { name: 'A key', answer: softwarePasskey({ origin }).make({ challenge: token }) }
    },
    'passkeys.rename': async () => ({ passkeyId: await aPasskey(w), name: 'Other' }),
    'passkeys.remove': async () => ({
      passkeyId: await aPasskey(w),
      currentPassword: await aPassword(w),
    }),
    'passkeys.beginSignIn': async () => ({}),
    'passkeys.signIn': async () => ({ answer: await aPasskeyAnswer(w) }),
  }
}

/** Gives whoever signed in a password that is known. */
async function aPassword(w: World): Promise<string> {
  const password = 'the password so far'
  const passwordHash = await hashPassword(password, w.deps.rng.bytes(16))
  await w.deps.db.update(users).set({ passwordHash })
  return password
}

/** An account's authenticator app; answers the code that it shows. */
async function anApp(w: World, userId: UserId): Promise<string> {
  const { sealed, code } = aSecret(w, userId)
  await w.deps.db.delete(totpSecrets).where(eq(totpSecrets.userId, userId))
  await w.deps.db.insert(totpSecrets).values({ userId, secret: sealed, createdAt: 0 })
  return code
}

/** The same, of whoever signed in, before its first code was given. */
async function aWaitingApp(w: World): Promise<string> {
  const { id: userId } = await theCaller(w)
  const { sealed, code } = aSecret(w, userId)
  const payload = { secret: sealed }
  const order = { purpose: 'totp_set_up', userId, payload, lastsMs: 1000 } as const
  await makeToken(w.deps.db, w.deps, order)
  return code
}

function aSecret(w: World, userId: UserId) {
  const secret = newTotpSecret((count) => w.deps.rng.bytes(count))
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  return {
    sealed: w.deps.secrets.seal(secretPlace(userId), secret),
    code: totp.generate({ timestamp: w.clock.now() }),
  }
}

async function aPasskey(w: World): Promise<string> {
  const id = `a-passkey-${newId(w.deps)}`
  const row = { name: 'A key', publicKey: 'AA', counter: 0, transports: [], createdAt: 0 }
  await w.deps.db.insert(passkeys).values({ id, userId: (await theCaller(w)).id, ...row })
  return id
}

/** An answer by a passkey of a new account, registered through its door. */
async function aPasskeyAnswer(w: World) {
  const ann = await w.user()
  const passkey = softwarePasskey({ origin })
  const made = { purpose: 'passkey_registration', userId: ann.id } as const
  const rest = { payload: null, lastsMs: 1000 }
  const { token } = await makeToken(w.deps.db, w.deps, { ...made, ...rest })
  const answer = passkey.make({ challenge: token })
  await ann.call(endpoints.add, { name: 'A key', answer })
  await w.deps.db.delete(auditLog)
  const order = { purpose: 'passkey_sign_in', userId: null, ...rest } as const
  return passkey.use({ challenge: (await makeToken(w.deps.db, w.deps, order)).token })
}
