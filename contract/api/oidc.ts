import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { ProviderId, RoleId } from '../ids.ts'
import { Line, Name } from '../text.ts'
import { SignedIn } from './accounts.ts'

/** The panel's page that a provider sends people back to, below the panel's own address. */
export const oidcCallbackPage = '/sign-in/oidc'

const Issuer = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => !/[?#]/.test(url), 'Without ? and #.')
  .refine((url) => !/^\w+:\/+[^/?#]*@/.test(url), 'Leave user and password out of it.')
const Scopes = z
  .string()
  .trim()
  .max(500)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'Words, a space between them.')
  .refine((scopes) => scopes.split(' ').includes('openid'), 'It has to hold openid.')

/** Gives a role to whoever's claim holds a value. */
export const ClaimRule = z
  .object({
    claim: Line.trim()
      .min(1)
      .max(200)
      .describe('Its name; dots lead into objects, as in `realm_access.roles`.'),
    value: Line.trim()
      .min(1)
      .max(200)
      .describe('One of a list, one of the words of a text, or the whole of it.'),
    roleId: RoleId,
  })
  .meta({ id: 'ClaimRule' })
export type ClaimRule = z.infer<typeof ClaimRule>

const fields = {
  name: Name.describe('As the button on the sign-in page calls it.'),
  clientId: Line.trim().min(1).max(500),
  scopes: Scopes,
  claimRules: z
    .array(ClaimRule)
    .max(100)
    .describe('At each sign-in every role that a rule names is given or taken as the claims say.'),
  createsAccounts: z
    .boolean()
    .describe('Whether somebody without an account gets one, if their e-mail is verified there.'),
  enabled: z.boolean(),
}
const ClientSecret = Line.min(1).max(1000)

/** A provider as those see it who may see the settings. Its client secret is never answered. */
export const OidcProvider = z
  .object({
    id: ProviderId,
    ...fields,
    issuer: z.string(),
    hasSecret: z.boolean().describe('False: a public client.'),
    accountCount: z.int().describe('Accounts that are linked with it.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'OidcProvider' })
export type OidcProvider = z.infer<typeof OidcProvider>

const params = z.object({ providerId: ProviderId })

/** Which OpenID Connect providers people may sign in with. */
export const oidcProviders = {
  list: endpoint({
    method: 'GET',
    path: '/api/admin/oidc-providers',
    summary: 'Sign-in providers',
    tag: 'Settings',
    needs: 'settings.read',
    returns: z.array(OidcProvider),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/admin/oidc-providers',
    summary: 'Add a sign-in provider; its rules may give no right that you do not hold',
    tag: 'Settings',
    needs: 'settings.update',
    body: z.object({
      ...fields,
      scopes: Scopes.default('openid email profile'),
      claimRules: fields.claimRules.default([]),
      createsAccounts: fields.createsAccounts.default(false),
      enabled: fields.enabled.default(true),
      issuer: Issuer.describe('Where its `.well-known/openid-configuration` is found.'),
      clientSecret: ClientSecret.optional().describe('Left out: a public client.'),
    }),
    returns: OidcProvider,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/admin/oidc-providers/:providerId',
    summary: 'Change a sign-in provider; its issuer stays, since accounts are linked with it',
    tag: 'Settings',
    needs: 'settings.update',
    params,
    body: z
      .object({
        ...fields,
        clientSecret: ClientSecret.nullable().describe('Null: a public client.'),
      })
      .partial(),
    returns: OidcProvider,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/admin/oidc-providers/:providerId',
    summary: 'Delete a sign-in provider; accounts stay, and are no longer linked with it',
    tag: 'Settings',
    needs: 'settings.update',
    params,
    returns: Nothing,
  }),
  test: endpoint({
    method: 'POST',
    path: '/api/admin/oidc-providers/test',
    summary: 'Ask a provider for its configuration, and hear what is wrong with it',
    tag: 'Settings',
    needs: 'settings.update',
    body: z.object({ issuer: Issuer }),
    returns: z.object({
      works: z.boolean(),
      said: z.string().describe('What was found, or what is wrong.'),
    }),
  }),
}

/** What a provider has sent a browser back with, as it stands in the address of that page. */
const answer = {
  state: z.string().min(1).max(200),
  code: z.string().min(1).max(4000).optional(),
  iss: z.string().max(500).optional().describe('Who answers, where the provider says so.'),
  error: z.string().max(200).optional().describe('Why there is no code.'),
}
const SentTo = z.object({ url: z.url({ protocol: /^https?$/ }).describe('Where to go now.') })

/** Signing in with a provider, for browsers. */
export const oidc = {
  providers: endpoint({
    method: 'GET',
    path: '/api/auth/providers',
    summary: 'What one can sign in with besides a password',
    tag: 'Account',
    needs: 'public',
    returns: z.array(z.object({ id: ProviderId, name: z.string() })),
  }),
  begin: endpoint({
    method: 'POST',
    path: '/api/auth/oidc/:providerId/begin',
    summary: 'Begin to sign in with a provider; it has to end in the same browser',
    tag: 'Account',
    needs: 'public',
    params,
    body: z.object({ rememberMe: z.boolean().default(false) }),
    returns: SentTo,
  }),
  finish: endpoint({
    method: 'POST',
    path: '/api/auth/oidc/finish',
    summary: 'Sign in with what a provider has answered',
    tag: 'Account',
    needs: 'public',
    body: z.object(answer),
    returns: SignedIn,
  }),
}

/** A provider that an account may be signed in to with. */
export const Identity = z
  .object({
    provider: z.object({ id: ProviderId, name: z.string() }),
    linkedAt: z.iso.datetime(),
  })
  .meta({ id: 'Identity' })
export type Identity = z.infer<typeof Identity>

/** An account's own links with providers. */
export const identities = {
  list: endpoint({
    method: 'GET',
    path: '/api/auth/identities',
    summary: 'Providers that your account is linked with',
    tag: 'Account',
    needs: 'account',
    returns: z.array(Identity),
  }),
  begin: endpoint({
    method: 'POST',
    path: '/api/auth/identities/:providerId/begin',
    summary: 'Begin to link your account with a provider; it has to end in the same session',
    tag: 'Account',
    needs: 'account',
    params,
    body: z.object({
      currentPassword: z
        .string()
        .max(256)
        .optional()
        .describe('Needed where the account has a password.'),
    }),
    returns: SentTo,
    secret: true,
  }),
  finish: endpoint({
    method: 'POST',
    path: '/api/auth/identities',
    summary: 'Link your account with whom a provider has answered for',
    tag: 'Account',
    needs: 'account',
    body: z.object(answer),
    returns: Identity,
    status: 201,
  }),
  unlink: endpoint({
    method: 'DELETE',
    path: '/api/auth/identities/:providerId',
    summary: 'End the link with a provider, unless it is the only way in',
    tag: 'Account',
    needs: 'account',
    params,
    returns: Nothing,
  }),
}
