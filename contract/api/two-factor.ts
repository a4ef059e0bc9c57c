import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { UserId } from '../ids.ts'
import { Name } from '../text.ts'
import { SignedIn } from './accounts.ts'

const Base64Url = z
  .string()
  .regex(/^[\w-]+$/)
  .max(65_536)

export const PasskeyName = Name
/** The credential's own id (WebAuthn). */
export const PasskeyId = Base64Url.max(2000)

export const Passkey = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Passkey' })
export type Passkey = z.infer<typeof Passkey>

/** What a browser is asked, as WebAuthn has it: handed to the browser as it is. */
const BrowserOptions = z.record(z.string(), z.unknown())

const clientExtensionResults = z.record(z.string(), z.unknown()).default({})
const credential = {
  id: PasskeyId,
  rawId: PasskeyId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(50).nullish(),
  clientExtensionResults,
}

/** A browser's answer when a passkey was made (WebAuthn, `RegistrationResponseJSON`). */
export const RegistrationAnswer = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: z.array(z.string().max(50)).max(10).default([]),
    }),
  })
  .meta({ id: 'PasskeyRegistration' })
export type RegistrationAnswer = z.infer<typeof RegistrationAnswer>

/** A browser's answer when a passkey was used (WebAuthn, `AuthenticationResponseJSON`). */
export const SignInAnswer = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: z.string().max(2000).nullish(),
    }),
  })
  .meta({ id: 'PasskeySignIn' })
export type SignInAnswer = z.infer<typeof SignInAnswer>

const Code = z.string().trim().min(6).max(40)
/**
 * Who it is, asked again before anything about factors changes, so that whoever finds a session open cannot
 * make themselves at home in the account.
 */
const again = {
  currentPassword: z
    .string()
    .max(256)
    .optional()
    .describe('Needed where the account has a password, unless a code is given.'),
  code: Code.optional().describe("The app's code, or a recovery code, in place of the password."),
}
const RecoveryCodes = z
  .array(z.string())
  .describe('Each stands in once for a lost app or passkey; shown this once.')

const own = { tag: 'Account', needs: 'account', beforeTwoFactor: true } as const

export const twoFactor = {
  state: endpoint({
    ...own,
    method: 'GET',
    path: '/api/auth/two-factor',
    summary: 'Which second factors your account has',
    returns: z.object({
      totp: z.boolean(),
      recoveryCodesLeft: z.int(),
      passkeys: z.array(Passkey),
      required: z.boolean().describe('A role of yours asks for one.'),
      hasPassword: z.boolean(),
    }),
  }),
  beginTotp: endpoint({
    ...own,
    method: 'POST',
    path: '/api/auth/totp',
    summary:
      'Make a secret for an authenticator app; it replaces an earlier one once it is confirmed',
    body: z.object(again),
    returns: z.object({ secret: z.string(), uri: z.string() }),
    secret: true,
    status: 201,
  }),
  confirmTotp: endpoint({
    ...own,
    method: 'POST',
    path: '/api/auth/totp/confirm',
    summary: 'Show that the app has the secret; answers the recovery codes',
    body: z.object({ code: Code }),
    returns: z.object({ recoveryCodes: RecoveryCodes }),
    secret: true,
  }),
  removeTotp: endpoint({
    ...own,
    method: 'DELETE',
    path: '/api/auth/totp',
    summary: 'Remove the authenticator app',
    body: z.object(again),
    returns: Nothing,
  }),
  renewRecoveryCodes: endpoint({
    ...own,
    method: 'POST',
    path: '/api/auth/recovery-codes',
    summary: 'Make new recovery codes; the old ones open nothing any more',
    body: z.object(again),
    returns: z.object({ recoveryCodes: RecoveryCodes }),
    secret: true,
  }),
  secondStep: endpoint({
    method: 'POST',
    path: '/api/auth/login/two-factor',
    summary: 'Finish a sign-in that asked for a second factor',
    tag: 'Account',
    needs: 'public',
    body: z.object({
      token: z.string().min(1).max(200).describe('From `details` of `second_factor_needed`.'),
      code: Code.describe("The app's code, or a recovery code."),
    }),
    returns: SignedIn,
  }),
  reset: endpoint({
    method: 'DELETE',
    path: '/api/admin/users/:userId/two-factor',
    summary: 'Remove all second factors of an account, whose holder has lost them',
    tag: 'Users',
    needs: 'user.update',
    params: z.object({ userId: UserId }),
    returns: Nothing,
  }),
}

const ofPasskey = z.object({ passkeyId: PasskeyId })

export const passkeys = {
  begin: endpoint({
    ...own,
    method: 'POST',
    path: '/api/auth/passkeys/options',
    summary: 'What to ask the browser for, to make a passkey',
    body: z.object(again),
    returns: BrowserOptions,
    secret: true,
  }),
  add: endpoint({
    ...own,
    method: 'POST',
    path: '/api/auth/passkeys',
    summary: 'Add the passkey that the browser has made',
    body: z.object({ name: PasskeyName, answer: RegistrationAnswer }),
    returns: z.object({
      passkey: Passkey,
      recoveryCodes: RecoveryCodes.nullable().describe('With the first factor; null: as before.'),
    }),
    secret: true,
    status: 201,
  }),
  rename: endpoint({
    ...own,
    method: 'PUT',
    path: '/api/auth/passkeys/:passkeyId',
    summary: 'Rename a passkey',
    params: ofPasskey,
    body: z.object({ name: PasskeyName }),
    returns: Passkey,
  }),
  remove: endpoint({
    ...own,
    method: 'DELETE',
    path: '/api/auth/passkeys/:passkeyId',
    summary: 'Remove a passkey',
    params: ofPasskey,
    body: z.object(again),
    returns: Nothing,
  }),
  beginSignIn: endpoint({
    method: 'POST',
    path: '/api/auth/passkeys/sign-in/options',
    summary: 'What to ask the browser for, to sign in with a passkey',
    tag: 'Account',
    needs: 'public',
    returns: BrowserOptions,
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/auth/passkeys/sign-in',
    summary: 'Sign in with a passkey; it is both factors in one',
    tag: 'Account',
    needs: 'public',
    body: z.object({ answer: SignInAnswer, rememberMe: z.boolean().default(false) }),
    returns: SignedIn,
  }),
}
